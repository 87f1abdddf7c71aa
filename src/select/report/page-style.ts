import { fontFamily } from '../../draw/theme.ts';

/** The style sheet of a report, for screens of any width, light and dark, and for paper. */
export const pageStyle = `
:root{color-scheme:light dark;--paper:#fff;--ink:#1b1f24;--soft:#59616b;--line:#e3e6ea;--tint:#f6f7f9;
--chart-1:#2f6fd0;--chart-2:#c2650f;--chart-3:#14866f;--chart-4:#8455c4;--chart-5:#c43c63;--chart-6:#757a1f;--chart-muted:#8a919b;
--good:#17703f;--good-tint:#e5f4eb;--fair:#7d5200;--fair-tint:#fbf0d9;--poor:#a3302a;--poor-tint:#fbe8e6}
@media (prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e7eaee;--soft:#a1a9b4;--line:#2c3138;--tint:#1b1f25;
--chart-1:#6ba2f2;--chart-2:#e8994f;--chart-3:#45bfa5;--chart-4:#b392ea;--chart-5:#ec7d9d;--chart-6:#b9be5a;--chart-muted:#7d8590;
--good:#6fd39b;--good-tint:#173325;--fair:#e6bd66;--fair-tint:#362a12;--poor:#f2948c;--poor-tint:#3b1d1b}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0 auto;padding:40px 24px 64px;max-width:1128px;background:var(--paper);color:var(--ink);
font:15px/1.55 ${fontFamily};font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
h1,h2,h3,p,dl,dd,ul,figure,pre{margin:0;padding:0}
h1{font-size:34px;line-height:1.2;font-weight:650;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:22px;line-height:1.3;font-weight:650;letter-spacing:-.01em;margin-bottom:16px}
h3,caption,figcaption,summary{font-size:14px;line-height:1.4;font-weight:600;text-align:left}
h3{margin:20px 0 6px}
a{color:var(--chart-1)}
small{font-size:12.5px;font-weight:400;color:var(--soft)}
.brand{font-size:13px;font-weight:600;color:var(--soft);letter-spacing:.02em;margin-bottom:10px}
.pill{display:inline-block;margin-top:16px;padding:3px 11px;border-radius:99px;font-size:13px;font-weight:600}
.pill.good{color:var(--good);background:var(--good-tint)}
.pill.fair{color:var(--fair);background:var(--fair-tint)}
.pill.poor{color:var(--poor);background:var(--poor-tint)}
.verdict{margin-top:12px;font-size:19px;line-height:1.5;max-width:46em;color:var(--soft)}
.verdict strong{color:var(--ink);font-weight:600}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(156px,1fr));gap:1px;margin-top:28px;background:var(--line);
border:1px solid var(--line);border-radius:10px;overflow:hidden}
.tiles>div{background:var(--paper);padding:14px 16px}
.tiles dt{font-size:13px;line-height:1.35;color:var(--soft)}
.tiles b{display:block;margin-top:2px;font-size:21px;line-height:1.3;font-weight:600}
.tiles small{display:block;line-height:1.4}
nav{margin-top:28px;padding:10px 0;border-bottom:1px solid var(--line)}
nav ul{display:flex;flex-wrap:wrap;gap:4px 20px;list-style:none}
nav a{font-size:14px;color:var(--soft);text-decoration:none}
nav a:hover{color:var(--chart-1);text-decoration:underline}
section{padding-top:44px}
section>p{max-width:46em}
.columns{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:32px 40px;align-items:start}
.columns:not(:first-child),.scroll:not(:first-child),figure:not(:first-child){margin-top:24px}
.columns>*{margin-top:0!important}
.columns+.scroll{margin-top:32px}
figure svg{width:100%;height:auto}
figcaption{margin-bottom:8px}
.narrow{display:none}
.note{margin-top:8px;font-size:13px;line-height:1.5;color:var(--soft)}
.none{color:var(--soft)}
.facts{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:6px 24px}
.facts dt{color:var(--soft)}
.facts ul,.remarks{padding-left:18px}
.facts ul{padding-left:16px}
.remarks{margin-top:6px}
.remarks li{margin-top:4px}
.scroll{overflow-x:auto}
.scroll:focus-visible{outline:2px solid var(--chart-1);outline-offset:2px}
table{width:100%;border-collapse:collapse;font-size:13.5px;line-height:1.45}
caption{padding-bottom:8px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
th,td{padding:7px 14px 7px 0;border-bottom:1px solid var(--line);text-align:left;vertical-align:middle;font-weight:400;overflow-wrap:normal}
th:last-child,td:last-child{padding-right:0}
thead th{padding-top:0;font-size:12.5px;color:var(--soft);vertical-align:bottom;border-bottom-color:var(--soft)}
th.number,td.number{text-align:right;white-space:nowrap}
thead th.number{white-space:normal}
tbody th{min-width:7em;overflow-wrap:anywhere}
tbody th small,td small{display:block;line-height:1.4}
.muted{color:var(--soft)}
.warn{color:var(--fair);font-weight:600}
.strong{font-weight:600}
#data table{min-width:900px}
#data tbody th{min-width:11.5em}
#data td:last-child{min-width:17em}
td svg{display:block}
pre{margin-top:6px;padding:12px 14px;background:var(--tint);border:1px solid var(--line);border-radius:8px;overflow-x:auto;
font-size:13px;line-height:1.5;white-space:pre-wrap}
code{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.93em}
details{margin-top:20px}
summary{cursor:pointer}
footer{margin-top:56px;padding-top:14px;border-top:1px solid var(--line);font-size:13px;color:var(--soft)}
@media (max-width:900px){.columns{grid-template-columns:minmax(0,1fr)}figure{max-width:620px}}
@media (max-width:559px){body{padding:24px 16px 48px}h1{font-size:27px}.verdict{font-size:17px}.tiles{grid-template-columns:1fr 1fr}
section{padding-top:36px}.wide{display:none}.narrow{display:block}.facts{gap:4px 16px}
.wide-facts{grid-template-columns:minmax(0,1fr)}.wide-facts dt{margin-top:6px}}
@media print{:root{--paper:#fff;--ink:#000;--soft:#444;--line:#ccc;--tint:#f6f7f9;color-scheme:light}
body{max-width:none;padding:0;font-size:11px}nav{display:none}section{padding-top:24px}h2{break-after:avoid}
figure,tr,.tiles>div{break-inside:avoid}.columns{grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:20px}.scroll{overflow:visible}
#data table{min-width:0;font-size:9px}.wide{display:block}.narrow{display:none}details::details-content{content-visibility:visible;display:block}}
`;
