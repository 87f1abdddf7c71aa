# A server for one model:
#   docker build -t heddle .
#   docker run -p 8080:8080 -v "$PWD:/models:ro" heddle house.heddle --keys keys.json
#   docker run -p 8080:8080 -v "$PWD/registry:/models/registry" -v "$PWD/keys.json:/models/keys.json:ro" heddle house@champion --keys keys.json
FROM node:24-bookworm-slim AS build
WORKDIR /build
COPY . .
# Packing builds first, and building installs what the lock file names.
RUN npm pack --pack-destination /tmp && mv /tmp/heddle-*.tgz /tmp/heddle.tgz

FROM node:24-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /tmp/heddle.tgz /tmp/heddle.tgz
# The runtime of neural networks comes without the libraries for graphics cards.
RUN npm_config_onnxruntime_node_install=skip npm install --omit=dev --no-audit --no-fund /tmp/heddle.tgz \
  && npm cache clean --force \
  && rm /tmp/heddle.tgz \
  && mkdir /models \
  && chown node:node /models
USER node
WORKDIR /models
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=5s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# Node is process 1, so that SIGTERM reaches it. Beyond the container clients must show a key: give --keys FILE, or say --no-auth.
ENTRYPOINT ["node", "/app/node_modules/heddle/bin/heddle.js", "serve", "--host", "0.0.0.0"]
CMD ["--help"]
