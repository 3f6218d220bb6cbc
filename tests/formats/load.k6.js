import http from 'k6/http';
// thresholds: { not: ['read'] } in a comment
const LIMIT = 500;
const pattern = /["'`{]/;

export const options = {
  stages: [{ duration: '30s', target: 20 }],
  thresholds: {
    http_req_failed: ['rate<0.01'],
    'http_req_duration{endpoint:list}': ['p(95)<500', "p(99) < 1000"],
    http_req_waiting: [{ threshold: 'avg<200', abortOnFail: true, delayAbortEval: '10s' }],
    checks: 'rate>0.99',
    http_req_duration: [`p(95)<${LIMIT}`],
    'http_req_duration{page:home}': [],
  },
};

export default function () {
  const text = 'thresholds and 95%';
  http.get(`https://example.test/${text}`);
}
