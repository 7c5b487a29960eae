package im.parley.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The keyed hash, against values of another implementation of SipHash-1-3. */
class CidKeysTest {
  private final CidKeys keys = new CidKeys(0x0706050403020100L, 0x0f0e0d0c0b0a0908L);

  @Test
  void the_hash_is_siphash_1_3() {
    byte[] input = new byte[16];
    for (int i = 0; i < input.length; i++) {
      input[i] = (byte) i;
    }

    assertThat(keys.hash(input, 0)).isEqualTo(0xabac0158050fc4dcL);
    assertThat(keys.hash(input, 7)).isEqualTo(0xd3927d989bb11140L);
    assertThat(keys.hash(input, 8)).isEqualTo(0x369095118d299a8eL);
    assertThat(keys.hash(input, 15)).isEqualTo(0xd320d86d2a519956L);
  }

  @Test
  void another_secret_makes_other_keys() {
    byte[] input = {1, 2, 3};
    Set<Long> found = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      found.add(new CidKeys(i, 0).hash(input, 3));
      found.add(new CidKeys(-1, i).hash(input, 3));
    }

    assertThat(found).hasSize(200);
  }
}
