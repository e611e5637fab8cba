# A Redis or Valkey image of your choice with redis-atomic loaded:
#
#   docker build --tag redis-atomic .
#   docker build --tag redis-atomic --build-arg SERVER=valkey/valkey:8.1 .
#
# SERVER is any image that is based on Debian and whose entry point takes a configuration file, as the
# official ones of Redis and Valkey do. Not the Alpine ones: their libc is another.
ARG SERVER=redis:7.4

FROM rust:1-bookworm AS build
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libclang-dev python3-pip \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
# The portable module: the server's image may have an older libc than this one.
RUN install -m 755 "$(scripts/release)" /libredis_atomic.so

FROM ${SERVER}
# Not /usr/local/lib/redis/modules: the images of Redis 8 load what is there by themselves.
COPY --from=build /libredis_atomic.so /usr/lib/redis/modules/libredis_atomic.so
COPY packaging/container.conf /etc/redis-atomic/redis.conf
CMD ["/etc/redis-atomic/redis.conf"]
