# The service without the embedded PostgreSQL: requires DATABASE_URL, and ADMIN_KEY or another API key. See compose.yaml for a
# complete set-up, and docs/deployment.md.
ARG NODE_IMAGE=node:24-bookworm-slim

FROM ${NODE_IMAGE} AS build
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/embedded-postgres/package.json ./packages/embedded-postgres/
COPY packages/dashboard/package.json ./packages/dashboard/
COPY packages/service/package.json ./packages/service/
RUN npm ci --ignore-scripts
COPY nest-cli.json tsconfig.json tsconfig.build.json ormconfig.ts ./
COPY packages ./packages
COPY swagger-plugin ./swagger-plugin
COPY src ./src
RUN npm run build

# The embedded PostgreSQL is a development dependency.
FROM ${NODE_IMAGE} AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
COPY packages/dashboard/package.json ./packages/dashboard/
COPY packages/service/package.json ./packages/service/
RUN npm ci --omit=dev --ignore-scripts

FROM ${NODE_IMAGE}
ENV NODE_ENV=production HOST=0.0.0.0 PORT=8000
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json ./
USER node
EXPOSE 8000
STOPSIGNAL SIGTERM
# Also unhealthy while the database is unavailable; the service then recovers without a restart.
HEALTHCHECK --interval=10s --timeout=5s --start-period=90s --retries=3 \
  CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/health/ready').then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "dist/src/main.js"]
