package im.parley.auth;

import java.io.ByteArrayInputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the public key of a PEM file: {@code PUBLIC KEY}, {@code RSA PUBLIC KEY} or {@code
 * CERTIFICATE}, the first in the file.
 */
final class PemKey {
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN (PUBLIC KEY|RSA PUBLIC KEY|CERTIFICATE)-----([A-Za-z0-9+/=\\s]*)-----END"
              + " \\1-----");

  /** The DER of {@code SEQUENCE { OID rsaEncryption, NULL }}. */
  private static final byte[] RSA_ENCRYPTION =
      HexFormat.of().parseHex("300d06092a864886f70d0101010500");

  private PemKey() {}

  /** {@link IllegalArgumentException} says what is wrong, and repeats nothing of {@code pem}. */
  static VerificationKey parse(String pem) {
    Matcher block = BLOCK.matcher(pem);
    if (!block.find()) {
      String found =
          pem.contains("PRIVATE KEY-----") ? "holds a private key" : "holds no PEM public key";
      throw new IllegalArgumentException(found + ", expected -----BEGIN PUBLIC KEY-----");
    }
    try {
      byte[] der = Base64.getMimeDecoder().decode(block.group(2));
      return VerificationKey.ofPublic(null, decode(block.group(1), der));
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "holds a garbled " + block.group(1) + ", expected an RSA or P-256 key", e);
    }
  }

  private static PublicKey decode(String label, byte[] der) throws GeneralSecurityException {
    return switch (label) {
      case "CERTIFICATE" ->
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(der))
              .getPublicKey();
      case "RSA PUBLIC KEY" ->
          KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(wrap(der)));
      default -> subjectPublicKey(der);
    };
  }

  private static PublicKey subjectPublicKey(byte[] der) throws GeneralSecurityException {
    // The algorithm's OID stands near the start; RSA's is the longer one.
    boolean rsa =
        new String(der, 0, Math.min(der.length, 32), StandardCharsets.ISO_8859_1)
            .contains(new String(RSA_ENCRYPTION, StandardCharsets.ISO_8859_1));
    return KeyFactory.getInstance(rsa ? "RSA" : "EC").generatePublic(new X509EncodedKeySpec(der));
  }

  /** PKCS #1 (RFC 8017 A.1.1) as the SubjectPublicKeyInfo of RFC 5280 §4.1. */
  private static byte[] wrap(byte[] pkcs1) {
    return der(0x30, concat(RSA_ENCRYPTION, der(0x03, concat(new byte[] {0}, pkcs1))));
  }

  private static byte[] der(int tag, byte[] content) {
    byte[] length = BigInteger.valueOf(content.length).toByteArray();
    // X.690 §10.1: the shortest form; from 128 on (where BigInteger may lead with a zero) the first
    // byte counts the others.
    int skip = length.length > 1 && length[0] == 0 ? 1 : 0;
    byte[] digits = Arrays.copyOfRange(length, skip, length.length);
    byte[] head =
        content.length < 128
            ? new byte[] {(byte) tag}
            : new byte[] {(byte) tag, (byte) (0x80 | digits.length)};
    head = concat(head, digits);
    return concat(head, content);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
