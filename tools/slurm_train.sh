#!/usr/bin/env bash
# Train on a Slurm cluster: tools/slurm_train.sh PARTITION JOB_NAME CONFIG [arguments of train.py]
# In the environment: GPUS (default 8), GPUS_PER_NODE (8), CPUS_PER_TASK (5), SIGNAL (USR1@120: how the
# training is told, 120 seconds before its time is up, to save itself), SRUN_ARGS.
set -euo pipefail
PARTITION=${1:?usage: slurm_train.sh PARTITION JOB_NAME CONFIG [arguments of train.py]}
JOB_NAME=${2:?usage: slurm_train.sh PARTITION JOB_NAME CONFIG [arguments of train.py]}
CONFIG=${3:?usage: slurm_train.sh PARTITION JOB_NAME CONFIG [arguments of train.py]}
GPUS=${GPUS:-8}
GPUS_PER_NODE=${GPUS_PER_NODE:-$((GPUS < 8 ? GPUS : 8))}

# SRUN_ARGS are several words.
# shellcheck disable=SC2086
exec srun \
    --partition="$PARTITION" \
    --job-name="$JOB_NAME" \
    --gres="gpu:$GPUS_PER_NODE" \
    --ntasks="$GPUS" \
    --ntasks-per-node="$GPUS_PER_NODE" \
    --cpus-per-task="${CPUS_PER_TASK:-5}" \
    --kill-on-bad-exit=1 \
    --signal="${SIGNAL:-USR1@120}" \
    ${SRUN_ARGS:-} \
    python -u "$(dirname "$0")/train.py" "$CONFIG" --launcher slurm "${@:4}"
