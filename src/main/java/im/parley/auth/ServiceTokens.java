package im.parley.auth;

import im.parley.config.AuthConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/**
 * The tokens that trusted services present to gRPC, the sending routes of HTTP and the admin port.
 * Keeps digests only, and compares in a time that tells nothing of how much was right. Any thread.
 */
public final class ServiceTokens {
  private static final String SCHEME = "Bearer ";
  private static final int MAX_CHARS = 8 * 1024;

  private final boolean required;
  private final List<byte[]> digests;

  /** The service tokens of {@code config}. */
  public ServiceTokens(AuthConfig config) {
    required = !config.serviceTokens().isEmpty();
    digests = config.serviceTokens().stream().map(ServiceTokens::sha256).toList();
  }

  /**
   * Whether a service must present a token at all: not when none is configured, as auth open
   * allows.
   */
  public boolean required() {
    return required;
  }

  /**
   * Whether a request with this value of {@code Authorization} (HTTP header or gRPC metadata; null
   * for none) may pass: {@code Bearer} and one of the tokens, or anything at all when none is
   * {@link #required()}.
   */
  public boolean allows(String authorization) {
    return !required || matches(authorization);
  }

  private boolean matches(String authorization) {
    if (authorization == null
        || authorization.length() > MAX_CHARS
        // RFC 9110 §11.1: the scheme is case-insensitive.
        || !authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return false;
    }
    byte[] presented = sha256(authorization.substring(SCHEME.length()).strip());
    boolean match = false;
    for (byte[] digest : digests) {
      // No early exit: the time must not tell which token matched.
      match |= MessageDigest.isEqual(digest, presented);
    }
    return match;
  }

  private static byte[] sha256(String token) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
