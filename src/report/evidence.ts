/** A value of the findings and where it stands: `path` is what a printed number carries as `data-finding`. */
export interface Evidence<T> {
  readonly value: T;
  readonly path: string;
  /** The value under a key, or an element of a list. */
  at<K extends keyof T>(key: K): Evidence<T[K]>;
}

/**
 * Keep a value and its path together on the way down, so that a number cannot be printed with the path of another.
 * Path parts are joined by dots; a dot or backslash within a key is written after a backslash.
 */
export function evidence<T>(value: T, path = ""): Evidence<T> {
  return {
    value,
    path,
    at: (key) => {
      const part = String(key).replace(/[\\.]/g, "\\$&");
      return evidence(value[key], path ? `${path}.${part}` : part);
    },
  };
}

/** The evidence if its value is there, undefined when it is null or missing. */
export function given<T>(found: Evidence<T>): Evidence<NonNullable<T>> | undefined {
  // The narrowing of `value` does not reach the interface around it.
  return found.value === undefined || found.value === null ? undefined : (found as Evidence<NonNullable<T>>);
}

/** The elements of a list, in order. */
export function each<T>(list: Evidence<readonly T[]>): Evidence<T>[] {
  return list.value.map((_, index) => list.at(index));
}

/** The keys and values of a record, in order. */
export function entries<T>(record: Evidence<Readonly<Record<string, T>>>): [name: string, value: Evidence<T>][] {
  return Object.keys(record.value).map((name) => [name, record.at(name)]);
}

/** Follow a path down from the findings; undefined where it leads nowhere. */
export function resolve(findings: unknown, path: string): unknown {
  const parts = [...path.matchAll(/(?:\\.|[^\\.])+/g)].map(([part]) => part.replace(/\\(.)/g, "$1"));
  let value = findings;
  for (const part of parts) {
    if (value === undefined || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[part];
  }
  return value;
}
