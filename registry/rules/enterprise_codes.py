"""Enterprise (tax) codes: 10 digits, or 13 for a dependent unit, with a check digit."""

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError
from stdnum.vn import mst

from registry.rules.problems import Problem
from registry.rules.text import clean_text, plain_dashes


def parse_enterprise_code(text: str) -> str:
    """The code as it is stored: `0100233488`, or `0314409058-002` for a dependent unit.

    Raises Problem with what is wrong: length, characters or the check digit.
    """
    written = plain_dashes(clean_text(text))
    try:
        return mst.format(mst.validate(written))
    except InvalidLength:
        raise Problem(
            "enterprise_code_length",
            f"Mã số doanh nghiệp “{written}” phải có 10 chữ số, hoặc 13 chữ số (10 số, gạch nối, 3 số) "
            "với đơn vị phụ thuộc. Hãy đếm lại trên giấy chứng nhận.",
        ) from None
    except InvalidFormat:
        raise Problem(
            "enterprise_code_characters",
            f"Mã số doanh nghiệp “{written}” chỉ gồm chữ số. Hãy bỏ các ký tự khác.",
        ) from None
    except InvalidChecksum:
        raise Problem(
            "enterprise_code_check_digit",
            f"Mã số doanh nghiệp “{written}” sai số kiểm tra (chữ số thứ mười). "
            "Có thể một chữ số bị gõ nhầm; hãy đối chiếu với giấy chứng nhận.",
        ) from None
    except ValidationError:
        raise Problem(
            "enterprise_code_never_issued",
            f"Mã số doanh nghiệp “{written}” không thể có thật. Hãy đối chiếu với giấy chứng nhận.",
        ) from None
