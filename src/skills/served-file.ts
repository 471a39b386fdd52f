import { hash } from 'node:crypto';
import { extname } from 'node:path';
import type { ServedFile } from '../model/skill.ts';
import { textOf } from './read-file.ts';

const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css',
  '.csv': 'text/csv',
  '.gif': 'image/gif',
  '.htm': 'text/html',
  '.html': 'text/html',
  '.jpeg': 'image/jpeg',
  '.jpg': 'image/jpeg',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.md': 'text/markdown',
  '.mjs': 'text/javascript',
  '.pdf': 'application/pdf',
  '.png': 'image/png',
  '.py': 'text/x-python',
  '.sh': 'text/x-shellscript',
  '.sql': 'application/sql',
  '.svg': 'image/svg+xml',
  '.webp': 'image/webp',
  '.xml': 'application/xml',
  '.yaml': 'application/yaml',
  '.yml': 'application/yaml',
};

/** A file of a skill as agents are given it. Text is what is UTF-8 and has no NUL. */
export function servedFile(path: string, bytes: Uint8Array): ServedFile {
  const text = textOf(bytes);
  const content = text === null || text.includes('\0') ? bytes : text;
  const otherwise = typeof content === 'string' ? 'text/plain' : 'application/octet-stream';
  return {
    path,
    mediaType: MEDIA_TYPES[extname(path).toLowerCase()] ?? otherwise,
    content,
    size: bytes.length,
    sha256: hash('sha256', bytes),
  };
}
