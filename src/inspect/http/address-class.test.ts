import assert from 'node:assert/strict';
import { BlockList } from 'node:net';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { classOfAddress } from './address-class.ts';
import { formatIpv6, parseIpv6 } from './ipv6.ts';
import { classOfName } from './names.ts';

test('addresses are of the class that the registries give them', () => {
  const classes: Readonly<Record<string, readonly string[]>> = {
    public: ['8.8.8.8', '1.1.1.1', '172.15.255.255', '172.32.0.0', '2606:4700::1111', '64:ff9b::808:808'],
    private: [
      '10.0.0.1',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      'fc00::1',
      'fdff::1',
      'fec0::1',
      '::ffff:10.0.0.1',
      '64:ff9b::a00:1',
      '2002:a00:1::1',
      '64:ff9b:1::1',
      '::10.0.0.1',
    ],
    loopback: ['127.0.0.1', '127.255.255.254', '::1', '::ffff:7f00:1', '::127.0.0.1', '2002:7f00:1::'],
    link_local: ['169.254.1.1', 'fe80::1', 'febf::1', '::ffff:169.254.1.1'],
    metadata: [
      '169.254.169.254',
      '169.254.170.2',
      '100.100.100.200',
      '192.0.0.192',
      '168.63.129.16',
      'fd00:ec2::254',
      '::ffff:a9fe:a9fe',
      '64:ff9b::169.254.169.254',
      '2002:a9fe:a9fe::',
      '2606:4700::5efe:a9fe:a9fe',
    ],
    shared: ['100.64.0.1', '100.127.255.255'],
    multicast: ['224.0.0.1', '239.255.255.250', 'ff02::1'],
    unspecified: ['0.0.0.0', '::', '::ffff:0.0.0.0'],
    reserved: [
      '0.1.2.3',
      '192.0.2.1',
      '198.18.0.1',
      '203.0.113.1',
      '240.0.0.1',
      '255.255.255.255',
      '2001:db8::1',
      '2001::1',
      '4000::1',
      '100::1',
      '::8.8.8.8',
    ],
  };
  for (const [name, addresses] of Object.entries(classes))
    for (const address of addresses) assert.equal(classOfAddress(address), name, address);
});

test('what is no address in its usual form has no class', () => {
  for (const text of [
    '',
    'localhost',
    '127.1',
    '0x7f.0.0.1',
    '010.0.0.1',
    'fe80::1%eth0',
    '1:2',
    '[::1]',
    '1.2.3.4.5',
    '256.1.1.1',
  ])
    assert.equal(classOfAddress(text), undefined, text);
});

test('names that lead inside are told by the name', () => {
  for (const name of ['metadata.google.internal', 'metadata', 'instance-data.ec2.internal'])
    assert.equal(classOfName(name), 'metadata');
  for (const name of ['localhost', 'a.localhost', 'localhost.localdomain'])
    assert.equal(classOfName(name), 'loopback');
  for (const name of ['db', 'db.internal', 'printer.local', 'api.default.svc.cluster.local', 'nas.home.arpa'])
    assert.equal(classOfName(name), 'private');
  for (const name of ['example.com', 'internal.example.com', 'notlocalhost.com'])
    assert.equal(classOfName(name), 'name');
});

test('an IPv6 address is read and written as the system does', () => {
  const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
  fc.assert(
    fc.property(fc.array(group, { minLength: 8, maxLength: 8 }), (groups) => {
      const long = groups.map((one) => one.toString(16)).join(':');
      const parsed = parseIpv6(long);
      assert.deepEqual(parsed, groups);
      assert.deepEqual(parseIpv6(formatIpv6(groups)), groups);
      assert.equal(`[${formatIpv6(groups)}]`, new URL(`http://[${long}]/`).hostname);
    }),
  );
});

test('no address of a private range is public, by the reading of node:net too', () => {
  const inside = new BlockList();
  for (const [first, prefix] of [
    ['10.0.0.0', 8],
    ['172.16.0.0', 12],
    ['192.168.0.0', 16],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
    ['100.64.0.0', 10],
    ['0.0.0.0', 8],
    ['224.0.0.0', 3],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
    ['198.18.0.0', 15],
    ['192.88.99.0', 24],
    ['168.63.129.16', 32],
  ] as const)
    inside.addSubnet(first, prefix);
  const octet = fc.oneof(fc.constantFrom(0, 10, 100, 127, 169, 172, 192, 198, 203, 254), fc.nat(255));
  fc.assert(
    fc.property(fc.tuple(octet, octet, octet, octet), (octets) => {
      const address = octets.join('.');
      assert.equal(classOfAddress(address) === 'public', !inside.check(address), address);
      assert.equal(classOfAddress(`::ffff:${address}`), classOfAddress(address));
    }),
    { numRuns: 3_000 },
  );
});
