/** Whether the work was done in this time; it goes on otherwise. Its failure counts as done: who asked looks at what is held. */
export async function doneWithin(work: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let limit: NodeJS.Timeout | undefined;
  const done = work.then(
    () => true,
    () => true,
  );
  try {
    return await Promise.race([done, new Promise<false>((resolve) => (limit = setTimeout(() => resolve(false), milliseconds)))]);
  } finally {
    clearTimeout(limit);
  }
}
