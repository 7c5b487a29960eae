package im.parley.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.Json;
import org.junit.jupiter.api.Test;

class JsonPatternTest {
  private final Bindings bindings = new Bindings("r7");

  @Test
  void equal_documents_have_no_difference() {
    assertSame("{'a':[1,'x',null,true],'b':{}}", "{'b':{},'a':[1,'x',null,true]}");
  }

  @Test
  void a_missing_and_an_unexpected_key_are_differences() {
    assertDiffers("{'a':1}", "{}", "no key 'a'");
    assertDiffers("{'a':1}", "{'a':1,'b':2}", "unexpected key 'b'");
    assertDiffers("{'a':null}", "{}", "no key 'a'");
  }

  @Test
  void ignoreExtra_counts_for_its_own_object_only() {
    assertSame("{'$ignoreExtra':true,'a':1}", "{'a':1,'b':2}");
    assertDiffers("{'$ignoreExtra':true,'a':{}}", "{'a':{'b':2}}", "$.a: unexpected key 'b'");
  }

  @Test
  void a_scalar_of_another_value_or_type_is_a_difference() {
    assertDiffers("{'a':[1,2]}", "{'a':[1,3]}", "$.a[1]: expected 2 but was 3");
    assertDiffers("'1'", "1", "expected 1");
    assertDiffers("[1]", "[1,2]", "an array of 1");
    assertDiffers("{'a':1}", "[]", "an object");
  }

  @Test
  void any_checks_the_type() {
    assertSame("{'$any':'string'}", "'x'");
    assertSame("{'$any':'integer'}", "4000000000");
    assertSame("{'$any':'*'}", "null");
    assertDiffers("{'$any':'integer'}", "1.5", "any integer");
    assertDiffers("{'$any':'string'}", "null", "any string");
  }

  @Test
  void what_bind_catches_ref_and_strings_give_back() {
    assertSame("{'id':{'$bind':'id'}}", "{'id':17}");
    assertSame("[{'$ref':'id'},'no-${id}-${run}']", "[17,'no-17-r7']");
    assertDiffers("{'$ref':'id'}", "18", "expected 17");
  }

  @Test
  void keys_are_filled_too() {
    assertSame("{'u${run}':1}", "{'ur7':1}");
  }

  @Test
  void includes_and_unordered_take_elements_in_any_order() {
    assertSame("{'$includes':['a']}", "['b','a']");
    assertSame("{'$unordered':['a',{'$any':'integer'}]}", "[3,'a']");
    assertDiffers("{'$includes':['c']}", "['b','a']", "an array with c");
    assertDiffers("{'$includes':['a','a']}", "['b','a']", "an array with a");
    assertDiffers("{'$unordered':['a']}", "['b','a']", "in any order");
  }

  @Test
  void a_request_is_filled_and_repeated() {
    bindings.bind("n", 3);
    assertThat(
            bindings.fill(
                parse("{'to':{'u${run}':{'$ref':'n'}},'m':{'$repeat':'ab','times':{'$ref':'n'}}}")))
        .isEqualTo(parse("{'to':{'ur7':3},'m':'ababab'}"));
  }

  @Test
  void an_unbound_name_and_an_unknown_placeholder_are_faults_of_the_vector() {
    assertThatThrownBy(() -> bindings.fill("${nobody}"))
        .hasMessageContaining("nothing is bound to 'nobody'");
    assertThatThrownBy(() -> JsonPattern.difference(parse("{'$foo':1}"), 1, bindings))
        .hasMessageContaining("unknown placeholder $foo");
  }

  private void assertSame(String pattern, String actual) {
    assertThat(JsonPattern.difference(parse(pattern), parse(actual), bindings)).isEmpty();
  }

  private void assertDiffers(String pattern, String actual, String words) {
    assertThat(JsonPattern.difference(parse(pattern), parse(actual), bindings))
        .hasValueSatisfying(difference -> assertThat(difference).contains(words));
  }

  private static Object parse(String json) {
    return VectorEndpoint.plain(Json.decodeValue(json.replace('\'', '"')));
  }
}
