"""What can be chosen on the command line, known before PyTorch is imported."""

#: What starts the processes of one training.
LAUNCHERS = ('none', 'pytorch', 'slurm', 'mpi')
#: Of training in mixed precision.
PRECISIONS = ('bfloat16', 'float16')
