#!/usr/bin/env bash
# Train with one process for each GPU: tools/dist_train.sh CONFIG GPUS [arguments of tools/train.py]
# Several machines: start it on each, with NNODES, NODE_RANK, MASTER_ADDR and PORT in the environment.
set -euo pipefail
CONFIG=${1:?usage: dist_train.sh CONFIG GPUS [arguments of train.py]}
GPUS=${2:?usage: dist_train.sh CONFIG GPUS [arguments of train.py]}

exec python -m torch.distributed.run \
    --nnodes="${NNODES:-1}" \
    --node_rank="${NODE_RANK:-0}" \
    --master_addr="${MASTER_ADDR:-127.0.0.1}" \
    --master_port="${PORT:-29500}" \
    --nproc_per_node="$GPUS" \
    "$(dirname "$0")/train.py" "$CONFIG" --launcher pytorch "${@:3}"
