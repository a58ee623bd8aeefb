# syntax=docker/dockerfile:1
# docker build -t boostgan_plugin .                                     for the CPU
# docker build --build-arg DEVICE=cuda -t boostgan_plugin:cuda .        with the GPU's libraries
ARG DEVICE=cpu

FROM python:3.11-slim AS base
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PYTHONUNBUFFERED=1
WORKDIR /app
COPY requirements/lock.txt requirements/lock.txt

# All pinned packages but those of tests and documentation. The pinned build of torch does not start
# without CUDA's libraries, so they are in both.
FROM base AS cpu
RUN grep -vE '^(mkdocs|mypy|playwright|pytest|ruff|coverage)' requirements/lock.txt > wanted.txt \
    && pip install --no-deps -r wanted.txt

FROM cpu AS cuda
RUN version=$(sed -n 's/^onnxruntime==//p' requirements/lock.txt) \
    && pip uninstall -y onnxruntime && pip install --no-deps "onnxruntime-gpu==$version"

FROM ${DEVICE}
COPY pyproject.toml setup.py MANIFEST.in model-index.yml README.md LICENSE ./
COPY requirements requirements
COPY configs configs
COPY tools tools
COPY boostgan_plugin boostgan_plugin
RUN pip install --no-deps --no-build-isolation -e . \
    && useradd --uid 1000 --create-home user && mkdir work_dirs data && chown user work_dirs data
USER user
EXPOSE 7860
CMD ["python", "tools/inpaint.py", "--help"]
