// Uploads with the npm package `tus-js-client`, cuts the connection in the middle, goes on with another client and prints a line of
// JSON. Arguments: the endpoint, how many chunks of a MiB. The token is in TOKEN.
import * as tus from 'tus-js-client';

const [endpoint, chunks] = process.argv.slice(2);
const MIB = 1024 * 1024;
const content = Buffer.alloc(Number(chunks) * MIB, 'It goes on where it was cut.\n');
const options = {
  headers: { Authorization: `Bearer ${process.env.TOKEN}` },
  chunkSize: MIB,
  retryDelays: [0, 100, 200, 500, 1000, 2000, 5000],
};

function cut() {
  return new Promise((resolve, reject) => {
    let sent = 0;
    let url;
    const upload = new tus.Upload(content, {
      ...options,
      endpoint,
      metadata: { filename: 'cut and resumed.txt', filetype: 'text/plain' },
      onUploadUrlAvailable: () => { url = upload.url; },
      onChunkComplete: (size, accepted) => { sent = accepted; },
      onProgress: bytes => {
        // In the middle of the chunk behind the third.
        if (sent >= 3 * MIB && bytes > sent) {
          upload.abort().then(() => resolve({ url, sent }), reject);
        }
      },
      onError: reject,
      onSuccess: () => reject(new Error('it was not cut')),
    });
    upload.start();
  });
}

function resume(url) {
  return new Promise((resolve, reject) => {
    let resumedAt;
    const upload = new tus.Upload(content, {
      ...options,
      uploadUrl: url,
      onAfterResponse: (request, response) => {
        if (request.getMethod() === 'HEAD' && response.getStatus() === 200) {
          resumedAt = Number(response.getHeader('Upload-Offset'));
        }
      },
      onError: reject,
      onSuccess: () => resolve(resumedAt),
    });
    upload.start();
  });
}

const { url, sent } = await cut();
const resumedAt = await resume(url);
console.log(JSON.stringify({ url, sent, resumed_at: resumedAt }));
