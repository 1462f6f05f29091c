/** A kind of application that installs the library. */
export interface Host {
  nest: string;
  platform: 'express' | 'fastify';
  /** Its packages, with the ranges that its package.json would have. */
  packages: Record<string, string>;
}

export type ModuleFormat = 'esm' | 'commonjs';

const PLATFORMS = ['express', 'fastify'] as const;

/** The oldest and the newest supported NestJS. */
const RELEASES = [
  { nest: '11.2', range: '~11.2.0', swagger: '^11.2.0', typeorm: '^11.0.1' },
  { nest: '12', range: '^12.0.0', swagger: '^12.0.0', typeorm: '^12.0.0' },
];

export const HOSTS: Host[] = RELEASES.flatMap(({ nest, range, swagger, typeorm }) =>
  PLATFORMS.map((platform) => ({
    nest,
    platform,
    packages: {
      '@nestjs/common': range,
      '@nestjs/core': range,
      [`@nestjs/platform-${platform}`]: range,
      '@nestjs/swagger': swagger,
      '@nestjs/typeorm': typeorm,
      pg: '^8.23.0',
      'reflect-metadata': '^0.2.2',
      rxjs: '^7.8.1',
      typeorm: '^1.1.0',
    },
  })),
);

/** CommonJS needs a Node that can require ESM. */
export function listFormats(): ModuleFormat[] {
  const { require_module = false } = process.features as { require_module?: boolean };
  return require_module ? ['esm', 'commonjs'] : ['esm'];
}
