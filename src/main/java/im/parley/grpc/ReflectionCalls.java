package im.parley.grpc;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.ServiceDescriptor;
import io.vertx.grpc.common.GrpcMessageDecoder;
import io.vertx.grpc.common.GrpcMessageEncoder;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.ServiceMethod;
import io.vertx.grpc.common.ServiceName;
import io.vertx.grpc.reflection.v1.ErrorResponse;
import io.vertx.grpc.reflection.v1.FileDescriptorResponse;
import io.vertx.grpc.reflection.v1.ListServiceResponse;
import io.vertx.grpc.reflection.v1.ServerReflectionProto;
import io.vertx.grpc.reflection.v1.ServerReflectionRequest;
import io.vertx.grpc.reflection.v1.ServerReflectionResponse;
import io.vertx.grpc.reflection.v1.ServiceResponse;
import io.vertx.grpc.server.GrpcServerRequest;
import io.vertx.grpc.server.Service;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * grpc.reflection.v1.ServerReflection, and v1alpha, which is the same under the name that older
 * tools ask for. Immutable once built.
 *
 * <p>The library's own reflection service is not used: it ends the stream after the first answer,
 * where tools ask several questions on one.
 */
final class ReflectionCalls {
  static final ServiceName V1 = ServiceName.create("grpc.reflection.v1.ServerReflection");
  static final ServiceName V1_ALPHA =
      ServiceName.create("grpc.reflection.v1alpha.ServerReflection");

  private static final ServiceDescriptor DESCRIPTOR =
      ServerReflectionProto.getDescriptor().findServiceByName("ServerReflection");

  private final ListServiceResponse names;
  private final Map<String, FileDescriptor> files = new LinkedHashMap<>(); // by file name
  private final Map<String, FileDescriptor> symbols =
      new HashMap<>(); // by full name of a service, method or type

  ReflectionCalls(List<Service> services) {
    ListServiceResponse.Builder list = ListServiceResponse.newBuilder();
    services.forEach(service -> describe(service.descriptor(), list));
    describe(DESCRIPTOR, list);
    names = list.build();
  }

  /** The services under both names. */
  List<Service> services() {
    return List.of(service(V1), service(V1_ALPHA));
  }

  private Service service(ServiceName name) {
    ServiceMethod<ServerReflectionRequest, ServerReflectionResponse> info =
        ServiceMethod.server(
            name,
            "ServerReflectionInfo",
            GrpcMessageEncoder.encoder(),
            GrpcMessageDecoder.decoder(ServerReflectionRequest.newBuilder()));
    return Service.service(name, DESCRIPTOR).bind(info, this::info).build();
  }

  private void info(GrpcServerRequest<ServerReflectionRequest, ServerReflectionResponse> request) {
    Call<ServerReflectionRequest, ServerReflectionResponse> call = new Call<>(request);
    call.response().drainHandler(v -> request.resume());
    request.endHandler(v -> call.end());
    request.handler(
        question -> {
          call.write(answer(question));
          if (call.response().writeQueueFull()) {
            request.pause();
          }
        });
  }

  private ServerReflectionResponse answer(ServerReflectionRequest question) {
    ServerReflectionResponse.Builder answer =
        ServerReflectionResponse.newBuilder()
            .setValidHost(question.getHost())
            .setOriginalRequest(question);
    switch (question.getMessageRequestCase()) {
      case LIST_SERVICES -> answer.setListServicesResponse(names);
      case FILE_BY_FILENAME -> file(answer, files.get(question.getFileByFilename()));
      case FILE_CONTAINING_SYMBOL -> file(answer, symbols.get(question.getFileContainingSymbol()));
      case FILE_CONTAINING_EXTENSION, ALL_EXTENSION_NUMBERS_OF_TYPE ->
          file(answer, null); // proto3 has none
      case MESSAGEREQUEST_NOT_SET ->
          answer.setErrorResponse(error(GrpcStatus.INVALID_ARGUMENT, "no question"));
    }
    return answer.build();
  }

  private static void file(ServerReflectionResponse.Builder answer, FileDescriptor file) {
    if (file == null) {
      answer.setErrorResponse(error(GrpcStatus.NOT_FOUND, "there is no such file or symbol"));
      return;
    }
    Map<String, FileDescriptor> needed = new LinkedHashMap<>();
    collect(file, needed);
    FileDescriptorResponse.Builder files = FileDescriptorResponse.newBuilder();
    needed.values().forEach(each -> files.addFileDescriptorProto(each.toProto().toByteString()));
    answer.setFileDescriptorResponse(files);
  }

  private static ErrorResponse error(GrpcStatus status, String text) {
    return ErrorResponse.newBuilder().setErrorCode(status.code).setErrorMessage(text).build();
  }

  private void describe(ServiceDescriptor service, ListServiceResponse.Builder list) {
    list.addService(ServiceResponse.newBuilder().setName(service.getFullName()));
    Map<String, FileDescriptor> needed = new LinkedHashMap<>();
    collect(service.getFile(), needed);
    needed.values().forEach(this::index);
  }

  private void index(FileDescriptor file) {
    if (files.putIfAbsent(file.getName(), file) != null) {
      return;
    }
    file.getServices()
        .forEach(
            service -> {
              symbols.put(service.getFullName(), file);
              service.getMethods().forEach(method -> symbols.put(method.getFullName(), file));
            });
    file.getMessageTypes().forEach(type -> index(type, file));
    file.getEnumTypes().forEach(type -> symbols.put(type.getFullName(), file));
  }

  private void index(Descriptor type, FileDescriptor file) {
    symbols.put(type.getFullName(), file);
    type.getNestedTypes().forEach(nested -> index(nested, file));
    type.getEnumTypes().forEach(nested -> symbols.put(nested.getFullName(), file));
  }

  /** The file and all that it imports. */
  private static void collect(FileDescriptor file, Map<String, FileDescriptor> into) {
    if (into.putIfAbsent(file.getName(), file) == null) {
      file.getDependencies().forEach(imported -> collect(imported, into));
    }
  }
}
