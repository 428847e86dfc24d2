"""Refusals as `application/problem+json`: a stable code for programs, a sentence in two languages for people."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import wraps
from typing import Any
from urllib.parse import unquote

import orjson
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions

from registry.rules.problems import Problem
from registry.rules.text import unreadable

MEDIA_TYPE = "application/problem+json"

#: Every code of the API itself: status, title, and what it means. Codes are for ever.
CATALOGUE: dict[str, tuple[int, str, str]] = {
    "parameter_unknown": (
        400,
        "Không có tham số này",
        "The query names a parameter this resource does not have.",
    ),
    "parameter_repeated": (
        400,
        "Tham số lặp lại",
        "A parameter that takes one value is given more than once.",
    ),
    "parameter_empty": (
        400,
        "Tham số để trống",
        "A parameter is given without a value; leave it out instead.",
    ),
    "parameter_missing": (400, "Thiếu tham số", "The resource cannot answer without this parameter."),
    "parameter_unreadable": (
        400,
        "Tham số có ký tự không đọc được",
        "A value holds a control character or is not UTF-8.",
    ),
    "parameter_too_long": (400, "Tham số quá dài", "A value is longer than any sensible one."),
    "parameter_malformed": (
        400,
        "Tham số không đúng dạng",
        "A date, number or truth value is not written as documented.",
    ),
    "parameter_out_of_range": (
        400,
        "Tham số ngoài giới hạn",
        "A value is readable but outside the limits named.",
    ),
    "parameter_conflict": (
        400,
        "Các tham số mâu thuẫn",
        "Two parameters cannot be given together, or contradict each other.",
    ),
    "code_unknown": (
        400,
        "Mã không có trong danh mục",
        "A value is not in the list of codes; the detail lists them.",
    ),
    "place_unknown": (
        400,
        "Không có đơn vị hành chính này",
        "No administrative unit has this code, or had this official code on the day asked about.",
    ),
    "record_not_found": (
        400,
        "Không có bản ghi mã này",
        "A filter names a record that was never published; the detail says where to find its code.",
    ),
    "field_unknown": (
        400,
        "Không có trường này",
        "`fields` names a field that the record does not have; the detail names the nearest.",
    ),
    "decision_number_malformed": (
        400,
        "Số văn bản không đúng dạng",
        "The number of a paper cannot be read in any spelling.",
    ),
    "known_in_future": (
        400,
        "Thời điểm chưa tới hoặc vừa mới qua",
        "known_at or known_seq lies after everything published so far, and less than 5 seconds back: the answer could "
        "still change.",
    ),
    "known_lost": (
        400,
        "Lúc này đã mất khi khôi phục",
        "known_at or known_seq names what was lost when the registry was restored from a backup.",
    ),
    "change_in_future": (
        400,
        "Chưa có thông báo mang số này",
        "`after` lies beyond the last announcement: this registry never gave that number; download everything again.",
    ),
    "cursor_invalid": (
        400,
        "Con trỏ trang không hợp lệ",
        "The cursor was not made by this server; begin again.",
    ),
    "cursor_mismatch": (
        400,
        "Con trỏ trang của truy vấn khác",
        "The cursor was made for other filters, another order or other clocks.",
    ),
    "export_too_large": (
        400,
        "Quá nhiều dòng cho một tập tin Excel",
        "The list has more rows than a workbook holds; use format=csv or format=jsonl, or narrow it.",
    ),
    "path_unreadable": (
        400,
        "Địa chỉ có ký tự không đọc được",
        "The path holds a control character or is not UTF-8.",
    ),
    "request_malformed": (400, "Yêu cầu không đọc được", "The request itself cannot be read."),
    "key_in_address": (
        400,
        "Khóa API nằm trong địa chỉ",
        "A key stands in the address, where logs keep it: send it as a header, and have it replaced.",
    ),
    "key_missing": (401, "Cần khóa API", "No key was sent: Authorization: Bearer hpr_…"),
    "key_invalid": (
        401,
        "Khóa API không dùng được",
        "The key is wrong, has expired, was revoked, or may not be used from this address.",
    ),
    "scope_missing": (
        403,
        "Khóa không có quyền này",
        "The key does not carry the scope this resource needs.",
    ),
    "path_unknown": (404, "Không có địa chỉ này", "No resource has this address."),
    "record_unknown": (404, "Không có bản ghi này", "No record of that code had been published by then."),
    "method_not_allowed": (405, "Không dùng được phương thức này", "The API only reads: GET, HEAD, OPTIONS."),
    "not_acceptable": (406, "Không có dạng được yêu cầu", "The Accept header excludes application/json."),
    "record_withdrawn": (
        410,
        "Bản ghi đã được rút",
        "The record was withdrawn; with an earlier known_at it can still be read.",
    ),
    "position_lost": (
        410,
        "Vị trí này đã mất khi khôi phục",
        "`after` is a number from before the registry was restored from a backup: download everything again.",
    ),
    "content_too_large": (
        413,
        "Nội dung gửi lên quá lớn",
        "The body of the request is larger than 6 MB; the API reads none.",
    ),
    "uri_too_long": (
        414,
        "Địa chỉ quá dài",
        "Path and query together are longer than 8000 bytes.",
    ),
    "headers_too_large": (
        431,
        "Tiêu đề quá lớn",
        "One header is longer than 8190 bytes, or there are more than 100.",
    ),
    "too_many_requests": (
        429,
        "Quá nhiều yêu cầu",
        "More requests within a minute than the key, or the address without a key, may send; see Retry-After.",
    ),
    "server_error": (500, "Lỗi máy chủ", "Something failed on our side and was logged under X-Request-ID."),
    "not_ready": (
        503,
        "Chưa sẵn sàng",
        "The database cannot be reached, is busy or is not migrated; see Retry-After.",
    ),
}


@dataclass
class ApiProblem(Exception):
    """A refusal on its way out. `members` are further members of the answer, such as the public `note` (410)."""

    code: str
    detail: str
    detail_en: str
    headers: Mapping[str, str] = field(default_factory=dict)
    members: Mapping[str, Any] = field(default_factory=dict)

    def response(self) -> HttpResponse:
        status, title, _ = CATALOGUE[self.code]
        body = {
            "type": f"/api/v1/docs/#{self.code}",
            "title": title,
            "status": status,
            "code": self.code,
            "detail": self.detail,
            "detail_en": self.detail_en,
            **self.members,
        }
        response = HttpResponse(orjson.dumps(body), status=status, content_type=MEDIA_TYPE)
        response["Cache-Control"] = "private, no-cache"
        response["Vary"] = "Authorization, Accept"
        # Some are made before the middleware that would count.
        response["Content-Length"] = str(len(response.content))
        for name, value in self.headers.items():
            response[name] = value
        return response


def no_such_path(request: HttpRequest) -> ApiProblem:
    """For an address at which nothing is: 404, and 400 for one that nobody can read."""
    # Bytes that are not UTF-8 Django has encoded again by the time anybody sees them.
    if unreadable(unquote(request.path)):
        return ApiProblem(
            "path_unreadable",
            "Địa chỉ có ký tự không đọc được: ký tự điều khiển, hoặc byte không phải UTF-8. Hãy chép lại mã của bản "
            "ghi; chữ trong địa chỉ phải là UTF-8, mã hóa phần trăm. /api/v1/docs/ liệt kê mọi địa chỉ.",
            "The path holds a control character, or bytes that are not UTF-8. Copy the record's code once more; text "
            "in an address is UTF-8, percent-encoded. /api/v1/docs/ lists every address.",
        )
    path = request.path[:200]
    return ApiProblem(
        "path_unknown",
        f"Không có địa chỉ “{path}”. Các địa chỉ được liệt kê ở /api/v1/docs/.",
        f"There is nothing at '{path}'. /api/v1/docs/ lists every address.",
    )


def server_error() -> ApiProblem:
    return ApiProblem(
        "server_error",
        "Máy chủ gặp lỗi khi trả lời. Hãy thử lại; nếu vẫn lỗi, hãy gửi kèm mã X-Request-ID cho bộ phận hỗ trợ.",
        "The server failed to answer. Try again; if it persists, report the X-Request-ID header.",
    )


def unavailable() -> ApiProblem:
    return ApiProblem(
        "not_ready",
        "Cơ sở dữ liệu đang bận hoặc mất kết nối. Hãy thử lại sau số giây ghi ở Retry-After.",
        "The database is busy or cannot be reached. Try again after as many seconds as Retry-After says.",
    )


def request_malformed() -> ApiProblem:
    return ApiProblem(
        "request_malformed",
        "Máy chủ không đọc được yêu cầu này. Hãy kiểm tra địa chỉ và tiêu đề đã gửi. Chữ có dấu trong địa chỉ phải "
        "được mã hóa phần trăm: curl -G --data-urlencode 'search=Tiên Cường'.",
        "The request cannot be read. Check its address and headers. Letters beyond ASCII must be percent-encoded in an "
        "address: curl -G --data-urlencode 'search=Tiên Cường'.",
    )


def key_in_address() -> ApiProblem:
    return ApiProblem(
        "key_in_address",
        "Khóa API nằm trong địa chỉ, nơi nhật ký của các máy trung gian giữ lại. Hãy gửi khóa ở tiêu đề "
        "Authorization: Bearer và xin thay khóa này.",
        "The address holds an API key, where logs on the way keep it. Send it as Authorization: Bearer, "
        "and have this key replaced.",
    )


def content_too_large() -> ApiProblem:
    return ApiProblem(
        "content_too_large",
        "Yêu cầu có nội dung lớn quá 6 MB. API không đọc nội dung nào: hãy bỏ đi.",
        "The request has a body of more than 6 MB. The API reads none: leave it out.",
    )


def uri_too_long() -> ApiProblem:
    return ApiProblem(
        "uri_too_long",
        "Địa chỉ và các tham số dài quá 8000 byte. Hãy bỏ bớt tham số.",
        "Path and query are longer than 8000 bytes. Leave out some parameters.",
    )


def headers_too_large() -> ApiProblem:
    return ApiProblem(
        "headers_too_large",
        "Có tiêu đề dài quá 8190 byte, hoặc có quá 100 tiêu đề. Hãy gửi ít hơn.",
        "One header is longer than 8190 bytes, or there are more than 100. Send less.",
    )


def method_not_allowed(method: str | None, allowed: str) -> ApiProblem:
    return ApiProblem(
        "method_not_allowed",
        f"Ở đây chỉ đọc: không dùng được {method}, chỉ dùng {allowed}.",
        f"This only reads: {method} is not possible, only {allowed}.",
        {"Allow": allowed},
    )


def only_read(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """A view of no resource that is only read. What is sent to it changes nothing, so no token is asked for first."""

    @csrf_exempt
    @wraps(view)
    def read(request: HttpRequest) -> HttpResponse:
        if request.method in ("GET", "HEAD"):
            return view(request)
        return method_not_allowed(request.method, "GET, HEAD").response()

    return read


def handle(error: Exception, context: Mapping[str, Any]) -> HttpResponse | None:
    """What REST framework calls with any exception of a view; None lets it become a 500."""
    problem = _problem(error, context["request"])
    return problem.response() if problem else None


def _problem(error: Exception, request: Any) -> ApiProblem | None:
    match error:
        case ApiProblem():
            return error
        case Problem():
            code = error.code if error.code in CATALOGUE else "request_malformed"
            return ApiProblem(code, error.message, CATALOGUE[code][2])
        case Http404():
            return no_such_path(request._request)
        case exceptions.AuthenticationFailed():
            return ApiProblem(
                "key_invalid",
                "Khóa API sai, đã hết hạn, đã bị thu hồi hoặc không được dùng từ địa chỉ này. Hãy kiểm tra khóa "
                "hoặc xin cấp khóa mới.",
                "The API key is wrong, has expired, was revoked, or may not be used from this address.",
                {"WWW-Authenticate": 'Bearer realm="registry", error="invalid_token"'},
            )
        case exceptions.NotAuthenticated():
            return ApiProblem(
                "key_missing",
                "Địa chỉ này cần khóa API. Hãy gửi tiêu đề Authorization: Bearer hpr_….",
                "This address needs an API key: send Authorization: Bearer hpr_….",
                {"WWW-Authenticate": 'Bearer realm="registry"'},
            )
        case exceptions.PermissionDenied():
            return ApiProblem(
                "scope_missing",
                "Khóa API này không có phạm vi nào. Hãy đề nghị cấp phạm vi cho khóa.",
                "This API key has no scope at all. Ask for one to be added to the key.",
            )
        case exceptions.MethodNotAllowed():
            return method_not_allowed(request.method, "GET, HEAD, OPTIONS")
        case exceptions.NotAcceptable():
            return ApiProblem(
                "not_acceptable",
                "API chỉ trả lời bằng application/json. Hãy sửa tiêu đề Accept.",
                "The API answers in application/json only. Change the Accept header.",
            )
        case exceptions.ParseError():
            return request_malformed()
    return None
