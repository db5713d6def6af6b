export async function* readTiles() {}
