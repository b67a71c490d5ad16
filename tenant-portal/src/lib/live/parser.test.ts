import { describe, expect, it } from 'vitest';
import { EventParser } from './parser';

const STREAM = ': hello\n\nevent: change\ndata: {"a":1}\n\nevent: change\r\ndata: x\r\ndata: y\r\n\r\ndata\n\n';
const EVENTS = [
  { event: 'change', data: '{"a":1}' },
  { event: 'change', data: 'x\ny' },
  { event: 'message', data: '' },
];

describe('EventParser', () => {
  it('reads a whole stream', () => {
    expect(new EventParser().push(STREAM)).toEqual(EVENTS);
  });

  it('reads the same however the stream is cut', () => {
    for (let size = 1; size < STREAM.length; size += 1) {
      const parser = new EventParser();
      const events = [];
      for (let at = 0; at < STREAM.length; at += size) {
        events.push(...parser.push(STREAM.slice(at, at + size)));
      }
      expect(events).toEqual(EVENTS);
    }
  });

  it('gives nothing for comments that keep the connection open', () => {
    expect(new EventParser().push(': \n\n: \n\n')).toEqual([]);
  });

  it('refuses an event without end', () => {
    const parser = new EventParser();
    expect(() => parser.push('data: '.padEnd(70_000, 'x'))).toThrow('too long');
  });

  it('refuses an event of endless lines', () => {
    const parser = new EventParser();
    const line = `data: ${'x'.repeat(1000)}\n`;
    expect(() => {
      for (let i = 0; i < 100; i += 1) parser.push(line);
    }).toThrow('too long');
  });
});
