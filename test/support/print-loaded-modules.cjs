'use strict';
const { Module } = require('node:module');

/** Loaded before a program (NODE_OPTIONS=--require=…), it prints at the end which packages' modules were loaded. */
process.on('exit', () => {
  const packages = Object.keys(Module._cache).map((file) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]);
  process._rawDebug(`loaded packages: ${[...new Set(packages)].join(' ')}`);
});
