/** Which cube something was made from: kept in every map, bag and mark, so that nothing is found by a file's name. */
export interface CubeKey {
  /**
   * SHA-256 of the file; behind a plus sign a hash of the layout where one was named, for other spectra of one file are another cube.
   * Missing when the file was not hashed.
   */
  readonly content?: string;
  /** Hash over path, size, time and layout: the same file where it was, as far as can be told without reading it. */
  readonly place: string;
  /** When the file or what is kept of it last changed, ms; with `place` it tells that the file is untouched since it was hashed. */
  readonly changed: number;
  readonly bytes: number;
}

/** Whether two keys are of one cube: by content where both have it, else by place. */
export function sameCube(a: CubeKey, b: CubeKey): boolean {
  return a.content && b.content ? a.content === b.content : a.place === b.place;
}

/** A cube's key in a word, as findings have it. */
export function cubeName({ content, place }: CubeKey): string {
  return content ? `sha256:${content}` : `place:${place}`;
}

/** SHA-256 of the file alone. */
export const fileHash = ({ content }: CubeKey): string | undefined => content?.split("+")[0];
