import { before as swaggerTransformer } from '@nestjs/swagger/plugin';

/**
 * The compiler plugin of @nestjs/swagger, for projects in any folder. TypeScript names the type of another file as
 * `import("/home/J\u00F6rg/…").Type`, with letters beyond ASCII escaped; the plugin takes the backslash for the separator
 * of a Windows path. So it gets the path as it is.
 *
 * @param {Record<string, unknown>} options
 * @param {import('typescript').Program} program
 */
export function before(options, program) {
  const checker = program.getTypeChecker();
  const typeToString = (...args) => withPathsAsTheyAre(checker.typeToString(...args));
  const readable = Object.create(checker, { typeToString: { value: typeToString } });
  return swaggerTransformer(options, Object.create(program, { getTypeChecker: { value: () => readable } }));
}

function withPathsAsTheyAre(type) {
  return type.replace(/import\("[^"]*"/g, (path) =>
    path.replace(/\\u([0-9A-F]{4})/g, (_, code) => String.fromCharCode(parseInt(code, 16))),
  );
}
