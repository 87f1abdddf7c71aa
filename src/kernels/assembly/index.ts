// Everything exported here becomes a kernel that `Team.call` can name. A kernel takes (thread, threads, …numbers).
export { meetingProbe, trapProbe } from './probe';
export { spinWhile } from './team';
