/** A list read to its end, or as far as its bound. */
export interface Listing<T> {
  readonly items: readonly T[];
  /** False when the bound was reached first: what is counted from it is then a lower bound. */
  readonly complete: boolean;
}

interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}

export const PAGE_SIZE = 200;
const MOST_PAGES = 10;

/** Follows the cursors of a list, for at most ten pages of 200. */
export async function readAll<T>(
  readPage: (page: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<Listing<T>> {
  const items: T[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const answer = await readPage(cursor === undefined ? { limit: PAGE_SIZE } : { limit: PAGE_SIZE, cursor });
    items.push(...answer.items);
    cursor = answer.nextCursor;
    if (cursor === undefined) return { items, complete: true };
  }
  return { items, complete: false };
}
