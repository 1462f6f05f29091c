import { getMetadataStorage, type ValidationArguments, ValidationTypes } from 'class-validator';

type Metadata = ReturnType<ReturnType<typeof getMetadataStorage>['getTargetValidationMetadatas']>[number];

/** Decorators of a field. */
interface FieldChecks {
  field: string;
  /** Whether the constraints apply: all must return true. */
  conditions: ((object: object, value: unknown) => boolean)[];
  constraints: { validate: (value: unknown, details: ValidationArguments) => unknown; parameters: unknown[] }[];
}

const checksByClass = new WeakMap<object, FieldChecks[] | null>();

/**
 * Whether an instance satisfies the decorators of its class. Uses the validators of class-validator, but looks them up once
 * for each class instead of once for each value, which takes most of the time of `validateSync`. False also means that the
 * class has decorators that are not supported here: `validateSync` then decides, and describes the errors.
 */
export function satisfies(instance: object): boolean {
  const Dto = instance.constructor;
  let checks = checksByClass.get(Dto);
  if (checks === undefined) {
    checks = findChecks(Dto);
    checksByClass.set(Dto, checks);
  }
  return checks?.every((ofField) => isSatisfied(instance, Dto.name, ofField)) ?? false;
}

function isSatisfied(object: object, targetName: string, { field, conditions, constraints }: FieldChecks): boolean {
  const value = (object as Record<string, unknown>)[field];
  for (const applies of conditions) if (!applies(object, value)) return true;
  for (const { validate, parameters } of constraints) {
    if (validate(value, { object, property: field, targetName, value, constraints: parameters }) !== true) return false;
  }
  return true;
}

/** Finds the decorators of a class; null if some are not supported. */
function findChecks(Dto: object['constructor']): FieldChecks[] | null {
  const byField = new Map<string, FieldChecks>();
  const all = getMetadataStorage().getTargetValidationMetadatas(Dto, '', false, false);
  for (const metadata of all) {
    const { propertyName: field, type, constraints: parameters } = metadata;
    const checks = byField.get(field) ?? { field, conditions: [], constraints: [] };
    byField.set(field, checks);
    if (type === ValidationTypes.CONDITIONAL_VALIDATION) {
      checks.conditions.push(parameters[0] as FieldChecks['conditions'][number]);
    } else if (isPlainConstraint(metadata)) {
      for (const found of getMetadataStorage().getTargetValidatorConstraints(metadata.constraintCls)) {
        if (found.async) return null;
        const { instance } = found;
        checks.constraints.push({
          validate: (value, details) => instance.validate(value, details),
          parameters: parameters as unknown[],
        });
      }
    } else {
      return null;
    }
  }
  return all.length === 0 ? null : [...byField.values()];
}

function isPlainConstraint({ type, each, validateIf }: Metadata): boolean {
  const isConstraint = type === ValidationTypes.CUSTOM_VALIDATION || type === ValidationTypes.IS_DEFINED;
  return isConstraint && !each && validateIf === undefined;
}
