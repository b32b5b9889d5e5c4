// Listens with the shortest queue, says where, and stops: the kernel goes on accepting until the queue is full.
import { createServer } from 'node:net';

createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.send(this.address().port, () => process.kill(process.pid, 'SIGSTOP'));
});
