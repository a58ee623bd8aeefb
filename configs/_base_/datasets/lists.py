# d0: images in the lists inpainting_*.txt that tools/dataset_converters write.
_base_ = './folder.py'
_base_.train_dataloader.dataset.update(ann_file='inpainting_train.txt', split=None)
_base_.val_dataloader.dataset.update(ann_file='inpainting_val.txt', split=None)
_base_.test_dataloader.dataset.update(ann_file='inpainting_test.txt', split=None)
