package im.parley.loadtest.verify.client;

import io.vertx.core.json.JsonObject;

/** A request that the server refused. */
final class ErrorReply extends Exception {
  private final int code;
  private final Integer retryAfterMs;

  ErrorReply(String action, JsonObject response) {
    super(action + ": " + response.encode(), null, false, false);
    this.code = response.getInteger("code");
    this.retryAfterMs =
        response.getValue("data") instanceof JsonObject data
            ? data.getInteger("retryAfterMs")
            : null;
  }

  int code() {
    return code;
  }

  boolean isRetryable() {
    return retryAfterMs != null;
  }

  /** Of a retryable one. */
  int retryAfterMs() {
    return retryAfterMs;
  }
}
