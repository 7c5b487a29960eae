package im.parley.protocol;

/**
 * Why a request was not carried out, ready for a reply. An expected outcome, not a bug: it has no
 * stack trace.
 *
 * <p>Use cases fail their futures with it; every transport translates it once.
 */
public final class Refusal extends RuntimeException {
  private static final long DEFAULT_RETRY_AFTER_MS = 1_000;

  private final transient ErrorCode code;
  private final long retryAfterMs;

  /**
   * A refusal with the code's default time to wait. {@code reason} says the offending value and
   * what was expected.
   */
  public Refusal(ErrorCode code, String reason) {
    this(code, reason, DEFAULT_RETRY_AFTER_MS);
  }

  /**
   * A refusal that names when to try again, in milliseconds; ignored unless the code is retryable.
   */
  public Refusal(ErrorCode code, String reason, long retryAfterMs) {
    super(reason, null, false, false);
    this.code = code;
    this.retryAfterMs = retryAfterMs;
  }

  /** The refusal that {@code failure} is, or a {@link ErrorCode#SERVER_ERROR} for anything else. */
  public static Refusal of(Throwable failure) {
    return failure instanceof Refusal refusal
        ? refusal
        : new Refusal(ErrorCode.SERVER_ERROR, "internal error");
  }

  /** The code of the reply. */
  public ErrorCode code() {
    return code;
  }

  /** Milliseconds after which to try again; only for retryable codes. */
  public long retryAfterMs() {
    return retryAfterMs;
  }

  /** The words for a person: what was wrong. */
  public String reason() {
    return getMessage();
  }
}
