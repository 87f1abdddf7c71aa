from workloads.boosting.data import Workload, scikit_learn_model

workload = Workload(10_000, 28, scikit_learn_model)
make, prepare, quality = workload.make, workload.prepare, workload.quality
