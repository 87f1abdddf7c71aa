"""Reference answers for src/metrics from scikit-learn 1.9.1 (numpy 2.4.6). Writes fixtures/metrics.json.

Each case names a heddle function, its arguments and options (strings starting with @ refer to `data`), and the answer.
"""

import itertools
import json
import warnings
from pathlib import Path

import numpy as np
import sklearn
from sklearn import metrics as m
from sklearn.calibration import calibration_curve

assert sklearn.__version__ == "1.9.1", sklearn.__version__
assert np.__version__ == "2.4.6", np.__version__
warnings.simplefilter("ignore")
rng = np.random.RandomState(0)

data = {}
cases = []


def plain(value):
    if isinstance(value, np.ndarray):
        return [plain(v) for v in value.tolist()]
    if isinstance(value, (list, tuple)):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return str(value)  # nan, inf, -inf
    return value


def put(name, array):
    data[name] = np.asarray(array) if not isinstance(array, list) else array
    return "@" + name


def get(value):
    return data[value[1:]] if isinstance(value, str) and value.startswith("@") else value


def add(ours, args, options, expected):
    cases.append({"f": ours, "args": args, "options": options, "expected": plain(expected)})


names = {
    "sampleWeight": "sample_weight",
    "multioutput": "multioutput",
    "forceFinite": "force_finite",
    "zeroDivision": "zero_division",
    "positiveClass": "pos_label",
    "maxFpr": "max_fpr",
    "multiClass": "multi_class",
    "dropIntermediate": "drop_intermediate",
    "scaleByHalf": "scale_by_half",
    "nBins": "n_bins",
}
values = {
    "rawValues": "raw_values",
    "uniformAverage": "uniform_average",
    "varianceWeighted": "variance_weighted",
    "none": None,
    "predicted": "pred",
    "nan": np.nan,
}


def run(ours, theirs, args, shape=lambda x: x, **options):
    """Calls scikit-learn with the same arguments under its own names."""
    kwargs = {}
    for key, value in options.items():
        v = get(value)
        kwargs[names.get(key, key)] = values.get(v, v) if isinstance(v, str) else v
    add(ours, args, options, shape(theirs(*[get(a) for a in args], **kwargs)))


# ---- regression
n = 60
y = put("y", np.round(rng.gamma(2.0, 3.0, n) + 0.5, 3))
p = put("p", np.round(np.abs(data["y"] + rng.normal(0, 1.5, n)) + 0.1, 3))
w = put("w", np.round(rng.uniform(0, 3, n), 2) * (rng.uniform(size=n) > 0.15))
Y = put("Y", np.round(rng.gamma(2.0, 3.0, (n, 3)), 2))
P = put("P", np.round(np.abs(data["Y"] + rng.normal(0, 1, (n, 3)) * [1, 4, 0.2]), 2))
mw = put("mw", np.array([0.2, 0.5, 0.3]))
wi = put("wi", rng.randint(0, 4, n).astype(float))
ye = put("ye", np.round(rng.normal(0, 5, 20)))
pe = put("pe", data["ye"] + rng.randint(-2, 3, 20))
const = put("const", np.full(5, 2.0))
off = put("off", np.array([2.0, 2.5, 1.0, 2.0, 3.0]))
YC = put("YC", np.column_stack([np.full(6, 1.0), np.arange(6.0)]))
PC = put("PC", np.column_stack([np.full(6, 1.0), np.arange(6.0) + 0.5]))
PD = put("PD", np.column_stack([np.arange(6.0), np.arange(6.0) + 0.5]))
one = put("one", np.array([1.5]))
big = put("big", 1e9 + rng.normal(0, 1, 40))
bigp = put("bigp", data["big"] + rng.normal(0, 0.1, 40))

losses = {
    "meanSquaredError": m.mean_squared_error,
    "rootMeanSquaredError": m.root_mean_squared_error,
    "meanAbsoluteError": m.mean_absolute_error,
    "medianAbsoluteError": m.median_absolute_error,
    "meanAbsolutePercentageError": m.mean_absolute_percentage_error,
    "meanSquaredLogError": m.mean_squared_log_error,
    "rootMeanSquaredLogError": m.root_mean_squared_log_error,
    "meanPinballLoss": m.mean_pinball_loss,
    "d2PinballScore": m.d2_pinball_score,
    "d2AbsoluteErrorScore": m.d2_absolute_error_score,
    "r2Score": m.r2_score,
    "explainedVarianceScore": m.explained_variance_score,
}
for ours, theirs in losses.items():
    run(ours, theirs, [y, p])
    run(ours, theirs, [y, p], sampleWeight=w)
    run(ours, theirs, [Y, P])
    run(ours, theirs, [Y, P], multioutput="rawValues", sampleWeight=w)
    run(ours, theirs, [Y, P], multioutput=mw)
    if "Log" not in ours:
        run(ours, theirs, [ye, pe])
        run(ours, theirs, [big, bigp])
for ours in ("r2Score", "explainedVarianceScore"):
    for args, finite in itertools.product(
        ([const, const], [const, off], [off, const], [YC, PC], [YC, PD]), (True, False)
    ):
        run(ours, losses[ours], args, forceFinite=finite)
    run(ours, losses[ours], [Y, P], multioutput="varianceWeighted")
    run(ours, losses[ours], [YC, PD], multioutput="varianceWeighted", forceFinite=True)
run("r2Score", m.r2_score, [one, one])
run("medianAbsoluteError", m.median_absolute_error, [y, p], sampleWeight=wi)
for alpha in (0.0, 0.1, 0.9, 1.0):
    run("meanPinballLoss", m.mean_pinball_loss, [y, p], alpha=alpha)
    run("d2PinballScore", m.d2_pinball_score, [y, p], alpha=alpha, sampleWeight=wi)
run("maxError", m.max_error, [y, p])
for power in (-1, 0, 1, 1.5, 2, 3, 3.5):
    run("meanTweedieDeviance", m.mean_tweedie_deviance, [y, p], power=power)
    run("d2TweedieScore", m.d2_tweedie_score, [y, p], power=power, sampleWeight=w)
counts = put("counts", rng.poisson(1.0, n).astype(float))
run("meanPoissonDeviance", m.mean_poisson_deviance, [counts, p], sampleWeight=w)
run("meanGammaDeviance", m.mean_gamma_deviance, [y, p])

# ---- classification
b = put("b", rng.randint(0, 2, n))
bp = put("bp", np.where(rng.uniform(size=n) < 0.75, data["b"], 1 - data["b"]))
c = put("c", rng.randint(0, 4, n))
cp = put("cp", np.where(rng.uniform(size=n) < 0.6, data["c"], rng.randint(0, 4, n)))
text = np.array(["猫", "dog", "Ara", "zebra"])
t = put("t", text[data["c"]])
tp = put("tp", text[data["cp"]])
gap = put("gap", np.array([0, 1, 2, 2, 0, 1, 5, 5]))  # 3 is predicted but never true, 5 never predicted
gapp = put("gapp", np.array([0, 2, 2, 3, 0, 0, 3, 1]))
gapw = put("gapw", np.array([1.0, 2.0, 0.5, 0.0, 1.5, 1.0, 0.25, 3.0]))
zeros = put("zeros", np.zeros(6, dtype=int))
mixed = put("mixed", np.array([0, 0, 1, 0, 1, 0]))
signs = put("signs", np.array([-1, 1, 1, -1, 1, -1]))
signsp = put("signsp", np.array([1, 1, 1, -1, -1, -1]))
labels31 = put("labels31", np.array([3, 1]))
labels01 = put("labels01", np.array([2, 0, 1, 3, 5]))
tlabels = put("tlabels", np.array(["zebra", "猫"]))
labels9 = put("labels9", np.array([0, 9]))

prf = {
    "precisionScore": m.precision_score,
    "recallScore": m.recall_score,
    "f1Score": m.f1_score,
    "jaccardScore": m.jaccard_score,
}
for ours, theirs in prf.items():
    run(ours, theirs, [b, bp])
    run(ours, theirs, [b, bp], sampleWeight=w, positiveClass=0)
    run(ours, theirs, [signs, signsp])
    for average in ("micro", "macro", "weighted", "none"):
        run(ours, theirs, [c, cp], average=average)
        run(ours, theirs, [t, tp], average=average, sampleWeight=w)
        run(ours, theirs, [gap, gapp], average=average)
        run(ours, theirs, [gap, gapp], average=average, zeroDivision=1.0, sampleWeight=gapw)
        run(ours, theirs, [gap, gapp], average=average, labels=labels31)
    run(ours, theirs, [t, tp], average="macro", labels=tlabels)
    run(ours, theirs, [zeros, mixed])
    run(ours, theirs, [zeros, zeros], zeroDivision=1.0)
    run(ours, theirs, [gap, gapp], average="none", labels=labels9)
    if ours != "jaccardScore":
        run(ours, theirs, [gap, gapp], average="macro", zeroDivision="nan")
        run(ours, theirs, [gap, gapp], average="weighted", zeroDivision="nan")
for beta in (0.0, 0.5, 2.0):
    run("fbetaScore", m.fbeta_score, [b, bp], beta=beta)
    run("fbetaScore", m.fbeta_score, [gap, gapp], beta=beta, average="none", zeroDivision=1.0)
    run("fbetaScore", m.fbeta_score, [c, cp], beta=beta, average="weighted", sampleWeight=w)


def four(result):
    return dict(zip(["precision", "recall", "fscore", "support"], result))


run("precisionRecallFscoreSupport", m.precision_recall_fscore_support, [c, cp], four)
run("precisionRecallFscoreSupport", m.precision_recall_fscore_support, [gap, gapp], four, sampleWeight=gapw)
run("precisionRecallFscoreSupport", m.precision_recall_fscore_support, [c, cp], four, average="macro", beta=2.0)

agreement = {
    "accuracyScore": m.accuracy_score,
    "zeroOneLoss": m.zero_one_loss,
    "balancedAccuracyScore": m.balanced_accuracy_score,
    "hammingLoss": m.hamming_loss,
    "matthewsCorrcoef": m.matthews_corrcoef,
    "cohenKappaScore": m.cohen_kappa_score,
}
for ours, theirs in agreement.items():
    for args, weights in (([b, bp], w), ([c, cp], w), ([t, tp], w), ([gap, gapp], gapw)):
        run(ours, theirs, args)
        run(ours, theirs, args, sampleWeight=weights)
    if ours != "cohenKappaScore":
        run(ours, theirs, [zeros, mixed])
for ours in ("accuracyScore", "zeroOneLoss"):
    run(ours, agreement[ours], [c, cp], normalize=False)
    run(ours, agreement[ours], [c, cp], normalize=False, sampleWeight=w)
run("balancedAccuracyScore", m.balanced_accuracy_score, [gap, gapp], adjusted=True)
run("cohenKappaScore", m.cohen_kappa_score, [zeros, zeros])
for weights in ("linear", "quadratic"):
    run("cohenKappaScore", m.cohen_kappa_score, [c, cp], weights=weights, sampleWeight=w)
    run("cohenKappaScore", m.cohen_kappa_score, [gap, gapp], weights=weights, labels=labels01)
ml = put("ml", rng.randint(0, 2, (12, 3)))
mlp = put("mlp", rng.randint(0, 2, (12, 3)))
mlw = put("mlw", np.arange(12.0))
run("hammingLoss", m.hamming_loss, [ml, mlp])
run("hammingLoss", m.hamming_loss, [ml, mlp], sampleWeight=mlw)

matrix = lambda cm: {"matrix": cm}
for normalize in ("none", "true", "predicted", "all"):
    run("confusionMatrix", m.confusion_matrix, [c, cp], matrix, normalize=normalize)
    run("confusionMatrix", m.confusion_matrix, [gap, gapp], matrix, normalize=normalize, sampleWeight=gapw)
    run("confusionMatrix", m.confusion_matrix, [gap, gapp], matrix, normalize=normalize, labels=labels31)
run("confusionMatrix", m.confusion_matrix, [t, tp], matrix)
run("confusionMatrix", m.confusion_matrix, [t, tp], matrix, labels=tlabels, sampleWeight=w)

# ---- report: dictionary and text
reports = []


def report(args, **options):
    kwargs = {names.get(k, k): get(v) for k, v in options.items()}
    a = [get(x) for x in args]
    as_dict = m.classification_report(*a, output_dict=True, **kwargs)
    text = m.classification_report(*a, **kwargs)
    reports.append({"args": args, "options": options, "dict": plain(as_dict), "text": text})


report([b, bp])
report([c, cp])
report([c, cp], digits=4)
report([gap, gapp])
report([gap, gapp], labels=labels31)
report([gap, gapp], zeroDivision=1.0)
report([c, cp], sampleWeight=w)
halves = put("halves", np.array([0] * 8 + [1] * 8))
halvesp = put("halvesp", np.array([0] + [1] * 7 + [1] * 5 + [0] * 3))
report([halves, halvesp])

# ---- curves and areas
s = put("s", np.round(np.clip(data["b"] * 0.3 + rng.uniform(0, 0.7, n), 0, 1), 1))  # many ties
sf = put("sf", rng.normal(0, 1, n) + data["b"])
ft = put("ft", np.array([False, True])[data["b"]])
yn = put("yn", np.array(["no", "yes"])[data["b"]])
ties = put("ties", np.full(n, 0.5))

roc = lambda r: dict(zip(["fpr", "tpr", "thresholds"], r))
prc = lambda r: dict(zip(["precision", "recall", "thresholds"], r))
det = lambda r: dict(zip(["fpr", "fnr", "thresholds"], r))
for score in (s, sf, ties):
    for drop in (True, False):
        run("rocCurve", m.roc_curve, [b, score], roc, dropIntermediate=drop)
        run("precisionRecallCurve", m.precision_recall_curve, [b, score], prc, dropIntermediate=drop)
        run("detCurve", m.det_curve, [b, score], det, dropIntermediate=drop)
for ours, theirs, shape in (
    ("rocCurve", m.roc_curve, roc),
    ("precisionRecallCurve", m.precision_recall_curve, prc),
    ("detCurve", m.det_curve, det),
):
    run(ours, theirs, [b, s], shape, sampleWeight=wi)
    run(ours, theirs, [yn, sf], shape, positiveClass="no")
    run(ours, theirs, [ft, sf], shape)
short = put("short", np.linspace(0, 1, 6))
ones = put("ones", np.ones(6, dtype=int))
run("rocCurve", m.roc_curve, [zeros, short], roc)
run("rocCurve", m.roc_curve, [ones, short], roc)
run("precisionRecallCurve", m.precision_recall_curve, [zeros, short], prc)
for score in (s, sf, ties):
    run("rocAucScore", m.roc_auc_score, [b, score])
    run("rocAucScore", m.roc_auc_score, [b, score], sampleWeight=w)
    run("averagePrecisionScore", m.average_precision_score, [b, score])
    run("averagePrecisionScore", m.average_precision_score, [b, score], sampleWeight=w)
run("averagePrecisionScore", m.average_precision_score, [yn, sf], positiveClass="no")
run("rocAucScore", m.roc_auc_score, [yn, sf])
run("rocAucScore", m.roc_auc_score, [zeros, short])
for fpr in (0.05, 0.1, 0.5, 1.0):
    run("rocAucScore", m.roc_auc_score, [b, s], maxFpr=fpr)
    run("rocAucScore", m.roc_auc_score, [b, sf], maxFpr=fpr, sampleWeight=w)

logits = rng.normal(0, 1, (n, 4)) + 1.5 * np.eye(4)[data["c"]]
prob = np.exp(logits)
prob = put("prob", np.round(prob / prob.sum(axis=1, keepdims=True), 3))
fixed = data["prob"]
fixed[:, 3] = 1 - fixed[:, :3].sum(axis=1)
fixed[:, 3] = np.where(np.abs(fixed[:, 3]) < 1e-9, 0, fixed[:, 3])
labels4 = put("labels4", np.arange(4))
few = put("few", np.where(data["c"] == 3, 0, data["c"]))  # class 3 never happens
for multi, average in itertools.product(("ovr", "ovo"), ("macro", "weighted")):
    run("rocAucScore", m.roc_auc_score, [c, prob], multiClass=multi, average=average)
    if multi == "ovo" or average == "weighted":
        run("rocAucScore", m.roc_auc_score, [few, prob], multiClass=multi, average=average, labels=labels4)
    if multi == "ovr":
        run("rocAucScore", m.roc_auc_score, [c, prob], multiClass=multi, average=average, sampleWeight=w)
for average in ("micro", "none"):
    run("rocAucScore", m.roc_auc_score, [c, prob], multiClass="ovr", average=average)
    run("averagePrecisionScore", m.average_precision_score, [c, prob], average=average)
run("rocAucScore", m.roc_auc_score, [c, prob], multiClass="ovr", average="micro", sampleWeight=w)
run("averagePrecisionScore", m.average_precision_score, [c, prob])
run("averagePrecisionScore", m.average_precision_score, [c, prob], average="weighted", sampleWeight=w)
up = put("up", np.array([0.0, 0.1, 0.4, 1.0]))
down = put("down", np.array([1.0, 0.4, 0.4, 0.0]))
heights = put("heights", np.array([0.2, 0.6, 0.7, 1.0]))
run("auc", m.auc, [up, heights])
run("auc", m.auc, [down, heights])

coarse = put("coarse", np.round(data["prob"], 1))  # ties between classes
for k in (1, 2, 3):
    run("topKAccuracyScore", m.top_k_accuracy_score, [c, coarse], k=k)
    run("topKAccuracyScore", m.top_k_accuracy_score, [few, prob], k=k, labels=labels4, sampleWeight=w)
run("topKAccuracyScore", m.top_k_accuracy_score, [b, s], k=1)
run("topKAccuracyScore", m.top_k_accuracy_score, [b, sf], k=1, normalize=False, sampleWeight=w)

# ---- probabilities
certain = put("certain", np.array([0.0, 1.0, 0.0, 1.0, 0.3, 0.8]))
prob2 = put("prob2", np.column_stack([1 - data["s"], data["s"]]))
for ours, theirs in (
    ("logLoss", m.log_loss),
    ("brierScoreLoss", m.brier_score_loss),
    ("d2LogLossScore", m.d2_log_loss_score),
    ("d2BrierScore", m.d2_brier_score),
):
    run(ours, theirs, [b, s])
    run(ours, theirs, [b, s], sampleWeight=w)
    run(ours, theirs, [mixed, certain])
    run(ours, theirs, [yn, prob2])
    run(ours, theirs, [c, prob])
    run(ours, theirs, [c, prob], sampleWeight=w)
    run(ours, theirs, [few, prob], labels=labels4)
run("logLoss", m.log_loss, [c, prob], normalize=False, sampleWeight=w)
run("brierScoreLoss", m.brier_score_loss, [yn, s], positiveClass="no")
run("brierScoreLoss", m.brier_score_loss, [c, prob], scaleByHalf=True)
run("brierScoreLoss", m.brier_score_loss, [b, s], scaleByHalf=False)
curve = lambda r: dict(zip(["probTrue", "probPred"], r))
for strategy, bins in itertools.product(("uniform", "quantile"), (3, 5, 10)):
    run("calibrationCurve", calibration_curve, [b, s], curve, strategy=strategy, nBins=bins)
run("calibrationCurve", calibration_curve, [yn, s], curve, positiveClass="no")

out = Path(__file__).parent / "fixtures" / "metrics.json"
out.parent.mkdir(exist_ok=True)
content = {
    "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
    "data": {k: plain(v) for k, v in data.items()},
    "cases": cases,
    "reports": reports,
}
out.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
print(len(cases), "cases,", len(reports), "reports,", out.stat().st_size, "bytes")
