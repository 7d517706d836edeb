// What all scripts share: where, how much, and what counts as good.
export const origin = __ENV.ORIGIN || 'http://localhost:8080';

export const options = {
  vus: Number(__ENV.VUS || 2),
  iterations: Number(__ENV.ITERATIONS || 6),
  thresholds: {
    checks: ['rate==1'],
    'http_req_duration{expected_response:true}': ['p(95)<2000'],
  },
};
