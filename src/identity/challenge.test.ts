import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { IdentityFailure } from '../model/principal.ts';
import { resourceMetadata, resourceMetadataUrl, wwwAuthenticate } from './challenge.ts';

const RESOURCE = 'https://gate.example.com/mcp';

test('the metadata names the resource, its issuers and the one way to send a token', () => {
  assert.deepEqual(
    resourceMetadata({
      resource: RESOURCE,
      name: 'Sallyport',
      authorizationServers: ['https://idp.example.com'],
      scopes: ['mcp'],
    }),
    {
      resource: RESOURCE,
      authorization_servers: ['https://idp.example.com'],
      bearer_methods_supported: ['header'],
      scopes_supported: ['mcp'],
      resource_name: 'Sallyport',
    },
  );
});

test('members that would be empty are left out of the metadata', () => {
  const document = resourceMetadata({
    resource: RESOURCE,
    name: 'Sallyport',
    authorizationServers: [],
    scopes: [],
  });
  assert.deepEqual(Object.keys(document), ['resource', 'bearer_methods_supported', 'resource_name']);
});

test('the well-known path goes between the host and the path of the resource', () => {
  const urls = {
    'https://gate.example.com/mcp': 'https://gate.example.com/.well-known/oauth-protected-resource/mcp',
    'https://gate.example.com/': 'https://gate.example.com/.well-known/oauth-protected-resource',
    'https://gate.example.com': 'https://gate.example.com/.well-known/oauth-protected-resource',
    'http://127.0.0.1:8400/mcp': 'http://127.0.0.1:8400/.well-known/oauth-protected-resource/mcp',
    'https://g.example/a?b=c': 'https://g.example/.well-known/oauth-protected-resource/a?b=c',
  };
  for (const [resource, url] of Object.entries(urls)) assert.equal(resourceMetadataUrl(resource), url);
});

test('a caller without a credential is shown the way and no error', () => {
  assert.equal(
    wwwAuthenticate('no_credential', RESOURCE),
    'Bearer resource_metadata="https://gate.example.com/.well-known/oauth-protected-resource/mcp"',
  );
});

test('every other failure is an invalid token with a sentence in the characters of RFC 6750', () => {
  const failures: Readonly<Record<Exclude<IdentityFailure, 'no_credential' | 'local_user_off'>, true>> = {
    malformed_token: true,
    algorithm_not_allowed: true,
    unknown_issuer: true,
    unknown_key: true,
    keys_unavailable: true,
    bad_signature: true,
    wrong_audience: true,
    expired: true,
    not_yet_valid: true,
    bad_claims: true,
    unknown_api_key: true,
    revoked_api_key: true,
    dev_tokens_off: true,
  };
  const sentences = new Set<string>();
  for (const failure of Object.keys(failures) as IdentityFailure[]) {
    const match =
      /^Bearer error="invalid_token", error_description="([\x20-\x21\x23-\x5B\x5D-\x7E]+)", resource_metadata="[!-~]+"$/.exec(
        wwwAuthenticate(failure, RESOURCE),
      );
    assert.ok(match?.[1], failure);
    sentences.add(match[1]);
  }
  assert.equal(sentences.size, Object.keys(failures).length);
});
