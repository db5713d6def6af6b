export function cohortCsv(_p: object, _s: (patient: string) => string): string { return ""; }
