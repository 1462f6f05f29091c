/** Runs of a property-based test: `full`, or at most PROPERTY_RUNS if that is set, as by `npm run test:unit`. */
export function propertyRuns(full: number): number {
  return Math.min(full, Number(process.env['PROPERTY_RUNS'] ?? full));
}
