/** Characters that are kept at most: so that large trees do not fill the memory, what comes later is read again. */
const most = 32 * 1024 * 1024;

/** Texts of files that are asked for more than once in an analysis. */
export class TextMemory {
  private readonly texts = new Map<string, string>();
  private held = 0;

  get(file: string): string | undefined {
    return this.texts.get(file);
  }

  keep(file: string, text: string): void {
    this.forget(file);
    if (this.held + text.length > most) return;
    this.texts.set(file, text);
    this.held += text.length;
  }

  forget(file: string): void {
    this.held -= this.texts.get(file)?.length ?? 0;
    this.texts.delete(file);
  }

  clear(): void {
    this.texts.clear();
    this.held = 0;
  }
}
