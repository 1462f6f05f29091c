import { Converter, ReflectionKind } from 'typedoc';
import ts from 'typescript';

/** Removes constructors of providers: Nest calls them, and their parameters are internal. */
export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_DECLARATION, (context, reflection) => {
    if (!reflection.kindOf(ReflectionKind.Constructor)) return;
    const symbol = context.getSymbolFromReflection(reflection.parent);
    if (symbol?.declarations?.some(isProvider)) removed.push(reflection);
  });
  const removed = [];
  app.converter.on(Converter.EVENT_RESOLVE_BEGIN, ({ project }) => {
    for (const reflection of removed.splice(0)) project.removeReflection(reflection);
  });
}

function isProvider(declaration) {
  const decorators = ts.canHaveDecorators(declaration) ? (ts.getDecorators(declaration) ?? []) : [];
  return decorators.some(({ expression }) => expression.expression?.getText() === 'Injectable');
}
