/** `Dockerfile.dev`, `docker-compose.test.yml`, `.devcontainer/Dockerfile`, `overlays/local/app.yaml`: by their names no production. */
export const isForWork = (file: string): boolean =>
  /(^|[./_-])(dev|devel|development|local|test|tests|testing|e2e|ci|debug|devcontainer)([./_-]|$)/i.test(
    file,
  );
