"""What can be chosen on the command line, known before PyTorch is imported."""

#: What starts the processes of one training.
LAUNCHERS = ('none', 'pytorch', 'slurm', 'mpi')
#: Of training: whichever of the next two the machine is faster in, or one of these.
PRECISIONS = ('fastest', 'bfloat16', 'float32', 'float16')
