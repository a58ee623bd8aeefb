# Table III on Oxford Buildings, in data/oxford. The systems are those of table1_folder.py.
_base_ = '../_base_/benchmarks/retrieval.py'
images = dict(data_root='data/oxford', layout='buildings')
test_dataloader = dict(dataset=images)
test_evaluator = dict(gallery=images)
