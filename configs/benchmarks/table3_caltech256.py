# Table III on Caltech256, in data/caltech256. The systems are those of table1_folder.py.
_base_ = '../_base_/benchmarks/retrieval.py'
images = dict(data_root='data/caltech256', layout='categories')
test_dataloader = dict(dataset=images)
test_evaluator = dict(gallery=images)
