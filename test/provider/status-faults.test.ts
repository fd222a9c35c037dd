import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../examples/provider/index.ts';
import { anthropicVendor, openAiVendor, rejectionOf, startTestProvider, vendors } from './vendors.ts';

describe('a status fault seen through the OpenAI SDK', () => {
  it.each([
    [401, OpenAI.AuthenticationError, 'invalid_request_error', 'invalid_api_key'],
    [403, OpenAI.PermissionDeniedError, 'request_forbidden', 'unsupported_country_region_territory'],
    [404, OpenAI.NotFoundError, 'invalid_request_error', 'model_not_found'],
    [413, OpenAI.APIError, 'invalid_request_error', null],
    [429, OpenAI.RateLimitError, 'requests', 'rate_limit_exceeded'],
    [500, OpenAI.InternalServerError, 'server_error', null],
    [503, OpenAI.InternalServerError, 'server_error', null],
    [529, OpenAI.InternalServerError, 'server_error', null],
  ])('%i has its class, type and code', async (status, errorClass, type, code) => {
    const provider = await startTestProvider({ fault: { kind: 'status', status } });
    const error = await rejectionOf(openAiVendor.ask(provider));
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ name: 'Error', status, type, code, requestID: 'req_1' });
    expect((await openAiVendor.readStream(provider)).error).toMatchObject({ status, type, code });
  });

  it('tells an exhausted quota from a rate limit by its code and type', async () => {
    const fault: Fault = { kind: 'status', status: 429, code: 'insufficient_quota' };
    const provider = await startTestProvider({ fault });
    const error = await rejectionOf(openAiVendor.ask(provider));
    expect(error).toMatchObject({ type: 'insufficient_quota', code: 'insufficient_quota' });
    expect(error).toMatchObject({ message: expect.stringContaining('current quota') });
  });

  it('has no code when the fault says so', async () => {
    const provider = await startTestProvider({ fault: { kind: 'status', status: 429, code: null } });
    expect(await rejectionOf(openAiVendor.ask(provider))).toMatchObject({ code: null });
  });
});

describe('a status fault seen through the Anthropic SDK', () => {
  it.each([
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [402, Anthropic.APIError, 'billing_error'],
    [403, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [413, Anthropic.APIError, 'request_too_large'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
    [503, Anthropic.InternalServerError, 'api_error'],
    [529, Anthropic.InternalServerError, 'overloaded_error'],
  ])('%i has its class and type', async (status, errorClass, type) => {
    const provider = await startTestProvider({ fault: { kind: 'status', status } });
    const error = await rejectionOf(anthropicVendor.ask(provider));
    expect(error).toBeInstanceOf(errorClass);
    expect(error).toMatchObject({ status, type, requestID: 'req_1' });
    expect(error).toMatchObject({ error: { type: 'error', request_id: 'req_1' } });
    expect((await anthropicVendor.readStream(provider)).error).toMatchObject({ status, type });
  });

  it('carries a code as errorCode', async () => {
    const fault: Fault = { kind: 'status', status: 429, code: 'enforced_spend_limit_reached' };
    const provider = await startTestProvider({ fault });
    expect(await rejectionOf(anthropicVendor.ask(provider))).toMatchObject({
      type: 'rate_limit_error',
      errorCode: 'enforced_spend_limit_reached',
    });
  });
});

describe.each(vendors)('a status fault for $name', (vendor) => {
  it('brings its headers along', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 429, headers: { 'Retry-After': '7' } },
    });
    const error = await rejectionOf(vendor.ask(provider));
    expect(error).toHaveProperty('headers');
    expect(error).toSatisfy(({ headers }: { headers: Headers }) => headers.get('retry-after') === '7');
  });

  it('takes type and message from the fault', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 400, type: 'own_type', message: 'own words' },
    });
    expect(await rejectionOf(vendor.ask(provider))).toMatchObject({
      status: 400,
      type: 'own_type',
      message: expect.stringContaining('own words'),
    });
  });

  it('sends a text body as it is, like a proxy in between', async () => {
    const provider = await startTestProvider({
      fault: {
        kind: 'status',
        status: 502,
        body: '<html>Bad Gateway</html>',
        headers: { 'Content-Type': 'text/html' },
      },
    });
    expect(await rejectionOf(vendor.ask(provider))).toMatchObject({
      status: 502,
      error: undefined,
      message: '502 <html>Bad Gateway</html>',
    });
  });

  it('sends any other body as JSON', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 503, body: { detail: 'down for repair' } },
    });
    expect(await rejectionOf(vendor.ask(provider))).toMatchObject({
      status: 503,
      error: { detail: 'down for repair' },
    });
  });

  it('lets a page with status 200 pass for an answer', async () => {
    const provider = await startTestProvider({
      fault: { kind: 'status', status: 200, body: '<html>Please log in</html>' },
    });
    // The SDKs hand the text over where their types promise an object.
    await expect(vendor.ask(provider)).rejects.toThrow(TypeError);
  });
});
