export interface ServerSentEvent {
  readonly event: string;
  readonly data: string;
}

/** Longer frames than any event of the contract; a stream that exceeds it is broken. */
const MOST_CHARS = 65_536;

/** Cuts a text stream into server-sent events; holds at most one unfinished event. */
export class EventParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private held = 0;

  /** Takes the next piece, cut anywhere; gives the events that it completed. */
  push(piece: string): ServerSentEvent[] {
    const events: ServerSentEvent[] = [];
    this.rest += piece;
    let end = lineEnd(this.rest);
    while (end) {
      const line = this.rest.slice(0, end.at);
      this.rest = this.rest.slice(end.next);
      const finished = this.line(line);
      if (finished) events.push(finished);
      end = lineEnd(this.rest);
    }
    if (this.rest.length + this.held > MOST_CHARS) throw new Error('event too long');
    return events;
  }

  private line(line: string): ServerSentEvent | undefined {
    if (line === '') {
      const finished =
        this.data.length > 0
          ? { event: this.event === '' ? 'message' : this.event, data: this.data.join('\n') }
          : undefined;
      this.event = '';
      this.data = [];
      this.held = 0;
      return finished;
    }
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') this.event = value;
    if (field === 'data') {
      this.data.push(value);
      this.held += value.length;
    }
    return undefined;
  }
}

function lineEnd(text: string): { at: number; next: number } | undefined {
  const at = text.search(/[\r\n]/);
  if (at < 0) return undefined;
  if (text[at] === '\n') return { at, next: at + 1 };
  // A carriage return at the end may be half of CRLF: wait for what follows.
  if (at + 1 === text.length) return undefined;
  return { at, next: text[at + 1] === '\n' ? at + 2 : at + 1 };
}
