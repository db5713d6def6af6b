export async function writeCore(_p: string, _a: object, _b: object, _m: string): Promise<void> {}
