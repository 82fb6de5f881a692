// fanout-clients.mjs PORT COUNT SUBSCRIBE_HEX: clients that throw away what they get. Tells its parent how
// many bytes all of them have received, so that it can send as fast as they take and no faster.
import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';

const [port, count, subscribeHex] = process.argv.slice(2);
const tellEvery = 1 << 20;
const buffer = Buffer.alloc(256 << 10);
let received = 0;
let told = 0;

/** A masked binary frame of a client (RFC 6455 5.2), short payloads only. */
function clientFrame(payload) {
  if (payload.length > 125) throw new Error('the subscription is too long');
  const mask = randomBytes(4);
  const masked = payload.map((byte, i) => byte ^ mask[i & 3]);
  return Buffer.concat([Buffer.from([0x82, 0x80 | payload.length]), mask, masked]);
}

function open() {
  let upgraded = false;
  const socket = connect({
    port: Number(port),
    host: '127.0.0.1',
    onread: {
      buffer,
      callback: (bytes) => {
        if (!upgraded) {
          const answer = buffer.toString('latin1', 0, Math.min(bytes, 15));
          if (!answer.startsWith('HTTP/1.1 101')) throw new Error(`the server answers ${answer}`);
          upgraded = true;
          socket.write(clientFrame(Buffer.from(subscribeHex, 'hex')));
        }
        received += bytes;
        if (received - told >= tellEvery) {
          told = received;
          process.send(received);
        }
        return true;
      },
    },
  });
  socket.on('error', (error) => process.send({ error: error.message }));
  socket.write(
    [
      'GET /v1/stream HTTP/1.1',
      `Host: 127.0.0.1:${port}`,
      'Upgrade: websocket',
      'Connection: Upgrade',
      `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Protocol: panoptes.v1',
      '\r\n',
    ].join('\r\n'),
  );
}

for (let i = 0; i < Number(count); i++) open();
// The last bytes are fewer than tellEvery.
setInterval(() => {
  if (received === told) return;
  told = received;
  process.send(received);
}, 50);
process.on('disconnect', () => process.exit(0));
