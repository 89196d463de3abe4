# harness and the models of configs/base.yaml, which then runs without a network:
#
#   docker build -t harness .
#   docker run --rm --network none -v "$PWD:/work" harness run configs/base.yaml
#
# torch for GPUs is gigabytes. For a small image, add --build-arg PIP_EXTRA_INDEX_URL=URL with torch's CPU index.
FROM python:3.11-slim

ARG PIP_EXTRA_INDEX_URL
ENV HARNESS_HOME=/opt/harness
COPY pyproject.toml README.md LICENSE constraints.txt /src/
COPY harness /src/harness/
RUN pip install --no-cache-dir --constraint /src/constraints.txt /src
# Any user may run it: docker run --user "$(id -u)"
RUN harness models pull --quiet smollm2-135m-instruct all-minilm-l6-v2 all-mpnet-base-v2 en-core-web-sm \
    && chmod -R a+rwX /opt/harness

WORKDIR /work
ENTRYPOINT ["harness"]
CMD ["--help"]
