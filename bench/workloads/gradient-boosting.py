from workloads.boosting.data import Workload, lightgbm_model

workload = Workload(1_000_000, 28, lightgbm_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
