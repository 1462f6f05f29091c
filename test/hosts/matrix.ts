/** A kind of application that installs the library. */
export interface Host {
  /** Version or range of NestJS. */
  nest: string;
  platform: 'express' | 'fastify';
  /** The dependencies in its package.json. */
  packages: Record<string, string>;
}

export type ModuleFormat = 'esm' | 'commonjs';

const PLATFORMS = ['express', 'fastify'] as const;

/** The oldest supported versions, and the newest. */
const RELEASES = [
  {
    nest: '11.2.0',
    adapter: '~11.2.0',
    swagger: '11.2.0',
    nestTypeorm: '11.0.1',
    typeorm: '1.1.0',
    pg: '8.23.0',
    rxjs: '7.8.1',
  },
  {
    nest: '^12.0.0',
    adapter: '^12.0.0',
    swagger: '^12.0.0',
    nestTypeorm: '^12.0.0',
    typeorm: '^1.1.0',
    pg: '^8.23.0',
    rxjs: '^7.8.1',
  },
];

export const HOSTS: Host[] = RELEASES.flatMap(({ nest, adapter, swagger, nestTypeorm, typeorm, pg, rxjs }) =>
  PLATFORMS.map((platform) => ({
    nest,
    platform,
    packages: {
      '@nestjs/common': nest,
      '@nestjs/core': nest,
      [`@nestjs/platform-${platform}`]: adapter,
      '@nestjs/swagger': swagger,
      '@nestjs/typeorm': nestTypeorm,
      pg,
      'reflect-metadata': '^0.2.2',
      rxjs,
      typeorm,
    },
  })),
);

/** CommonJS needs a Node that can require ESM. */
export function listFormats(): ModuleFormat[] {
  const { require_module = false } = process.features as { require_module?: boolean };
  return require_module ? ['esm', 'commonjs'] : ['esm'];
}
