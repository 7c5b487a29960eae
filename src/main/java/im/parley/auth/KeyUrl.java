package im.parley.auth;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A JSON Web Key Set behind a URL. Redirects are not followed: they could lead from https to http.
 */
final class KeyUrl {
  private static final Logger log = LoggerFactory.getLogger(KeyUrl.class);
  private static final long TIMEOUT_MS = 5_000;
  private static final Pattern MAX_AGE =
      Pattern.compile("(?:^|[,\\s])max-age=(\\d{1,9})", Pattern.CASE_INSENSITIVE);

  private final HttpClient client;
  private final RequestOptions request;
  private final VerificationThreads threads;

  KeyUrl(Vertx vertx, String url, VerificationThreads threads) {
    this.threads = threads;
    URI uri;
    try {
      uri = URI.create(url);
      request =
          new RequestOptions()
              .setAbsoluteURI(url)
              .setMethod(HttpMethod.GET)
              .setFollowRedirects(false)
              .putHeader("Accept", "application/jwk-set+json, application/json");
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "auth.jwks: " + url + " is no URL, expected a file or http(s)://…", e);
    }
    if (uri.getHost() == null) {
      throw new IllegalArgumentException(
          "auth.jwks: " + url + " names no host, expected http(s)://host/…");
    }
    if (!Boolean.TRUE.equals(request.isSsl())
        && !uri.getHost().matches("localhost|127\\..*|\\[::1]")) {
      log.warn(
          "the key set is fetched without TLS, so whoever is on the way can sign tokens [host: {}]",
          uri.getHost());
    }
    HttpClientOptions options =
        new HttpClientOptions().setConnectTimeout((int) TIMEOUT_MS).setKeepAlive(false);
    client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(1));
  }

  /**
   * What the URL holds now; fails if that takes more than 5 s, is over the size limit, or is no key
   * set.
   */
  Future<LoadedKeys> fetch() {
    Future<HttpClientRequest> asked = client.request(request);
    return asked
        .compose(sent -> sent.send().compose(response -> body(sent, response)))
        // Of the whole exchange: an answer that trickles in would never be idle.
        .timeout(TIMEOUT_MS, TimeUnit.MILLISECONDS)
        // Also one that comes too late, or it would hold the pool's only connection.
        .onFailure(failure -> asked.onSuccess(HttpClientRequest::reset));
  }

  private Future<LoadedKeys> body(HttpClientRequest sent, HttpClientResponse response) {
    Promise<Buffer> whole = Promise.promise();
    response.exceptionHandler(whole::tryFail);
    if (response.statusCode() != 200) {
      return Future.failedFuture("status " + response.statusCode() + ", expected 200");
    }
    Buffer body = Buffer.buffer();
    response.handler(
        part -> {
          if (body.length() + part.length() > LoadedKeys.MAX_BYTES) {
            whole.tryFail("over " + LoadedKeys.MAX_BYTES + " bytes");
            sent.reset();
          } else {
            body.appendBuffer(part);
          }
        });
    response.endHandler(end -> whole.tryComplete(body));
    return whole
        .future()
        .compose(
            json ->
                threads.load(
                    () -> new LoadedKeys(KeySet.ofJwks(json.toString()), maxAge(response))));
  }

  private static Duration maxAge(HttpClientResponse response) {
    String cacheControl = response.getHeader("Cache-Control");
    Matcher matcher = MAX_AGE.matcher(cacheControl == null ? "" : cacheControl);
    return matcher.find()
        ? Duration.ofSeconds(Long.parseLong(matcher.group(1)))
        : LoadedKeys.UNSAID;
  }
}
